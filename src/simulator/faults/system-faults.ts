import { sleep } from '../../kernel/index.ts';
import type { Chain } from '../../model/index.ts';
import { CANARY } from '../configuration.ts';
import type { Surroundings } from '../conversation.ts';
import type { ConfigAnswer } from '../plant.ts';
import type { TcpServer } from '../server.ts';
import type { Task } from '../task.ts';
import { LinkFaults } from './link-faults.ts';

/** What can happen to TwinCAT: restarts, CONFIG, downloads, a wrong clock. */
export class SystemFaults extends LinkFaults {
  readonly #server: TcpServer;
  readonly #around: Surroundings;
  readonly #task: Task;
  readonly #signal: AbortSignal;

  constructor(server: TcpServer, around: Surroundings, task: Task, signal: AbortSignal) {
    super(server, around);
    this.#server = server;
    this.#around = around;
    this.#task = task;
    this.#signal = signal;
  }

  /**
   * TwinCAT restarts: connections end, nobody listens for a time, and no notification or symbol
   * handle survives; new handles have other numbers. A virtual AMS network sees it go offline and
   * come back. Resolves when it listens again.
   */
  async restart(awayMs = 0): Promise<void> {
    const { plant, router, clock, network } = this.#around;
    this.#server.stopListening();
    this.disconnectAll();
    await network?.leave();
    plant.restart();
    router.restart();
    if (awayMs > 0) await sleep(awayMs, this.#signal, clock);
    await this.#server.listen();
    await network?.join();
  }

  /**
   * CONFIG while TCP stays up: states say 15, notifications die silently, and the symbol port
   * answers AMS error 6 (`no-port`) or result 0x707 (`not-ready`), until `enterRun`.
   */
  enterConfig(answer: ConfigAnswer = 'no-port'): void {
    this.#around.plant.enterConfig(answer);
  }

  /** RUN: states say 5; handles from before CONFIG are not known any more. */
  enterRun(): void {
    this.#around.plant.restart();
    this.#around.router.restart();
  }

  /** Sets the ADS state of the system, and nothing else. */
  setSystemState(adsState: number): void {
    this.#around.plant.adsState = adsState;
  }

  /**
   * An online change: the symbol version (0xF008) changes, symbol handles answer 0x711, and all
   * symbols from those of this slave on (the first one unless told) lie elsewhere: at their old
   * places there is the canary. Notifications by handle end with 0 bytes, others read what is there.
   */
  onlineChange(slave = firstSlave(this.#around.plant.chain)): void {
    this.#around.plant.move(slave);
  }

  /** The bytes of the canary; each is `CANARY` until somebody writes through a stale place. */
  get canary(): Uint8Array {
    return this.#around.plant.canary();
  }

  /** Bytes of the canary that somebody wrote to. */
  get canaryTouched(): number {
    return this.canary.reduce((sum, byte) => (byte === CANARY ? sum : sum + 1), 0);
  }

  /**
   * Activates another configuration: terminals may be added, removed, replaced or moved; what has
   * the same name and type keeps its state and values. Symbol handles are invalid as after an
   * online change; clients that wait for CONFIG see it only when told (`enterConfig`).
   */
  reconfigure(chain: Chain): void {
    this.#around.plant.reconfigure(chain);
  }

  /** From now on the plant's times are off by so many milliseconds; its cycles keep their pace. */
  jumpClock(ms: number): void {
    this.#task.clockErrorMs = ms;
  }
}

function firstSlave({ devices }: Chain): string {
  return devices.flatMap(({ slaves }) => slaves)[0]?.name ?? '';
}
