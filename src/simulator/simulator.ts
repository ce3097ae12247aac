import { amsNetId } from '../ads/index.ts';
import { type Clock, type Log, Scope, systemClock } from '../kernel/index.ts';
import { type Chain, decodeValue, encodeValue, type Value } from '../model/index.ts';
import { BusStatus } from './bus-status.ts';
import { Counters } from './counters.ts';
import { Faults } from './faults.ts';
import type { Definitions } from './layout.ts';
import { LocalRouter } from './local-router.ts';
import { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';
import { Router } from './router.ts';
import { TcpServer } from './server.ts';
import { Signals } from './signals.ts';
import type { Named } from './symbol-names.ts';
import { Task } from './task.ts';

/** How a plant is simulated. */
export interface SimulatorOptions {
  /** Address to listen on; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** TCP port, 0 for any that is free; 48898 unless told otherwise. */
  readonly port?: number;
  /** Period of the plant's task, 10 ms unless told otherwise. */
  readonly cycleMs?: number;
  /** Of the noise on analogue inputs. */
  readonly seed?: number;
  /** Most notifications per AMS port before 0x716. */
  readonly notificationLimit?: number;
  readonly clock?: Clock;
  readonly log: Log;
}

/** A TwinCAT system that is not there. */
export interface Simulator extends AsyncDisposable {
  /** TCP port that it listens on. */
  readonly port: number;
  readonly chain: Chain;
  readonly counters: Readonly<Counters>;
  readonly faults: Faults;
  /** Value of a symbol, member or array element by its full name; throws 0x710 as AdsError. */
  read(name: string): Value;
  /** Sets one; an input keeps it until its signal moves it. */
  write(name: string, value: Value): void;
  /** The bytes behind a name; the only access to structures. */
  readBytes(name: string): Uint8Array;
}

/**
 * Serves the plant of a chain over ADS until it is disposed of or the signal fires. Throws
 * `simulator/unknown-terminal`, `simulator/no-symbol` and `simulator/loop-size` for chains that
 * do not fit the definitions, `simulator/listen` when the port is taken.
 */
export async function simulate(
  chain: Chain,
  definitions: Definitions,
  options: SimulatorOptions,
  signal?: AbortSignal,
): Promise<Simulator> {
  signal?.throwIfAborted();
  const plant = new Plant(chain, definitions);
  const running = new RunningPlant(plant, options);
  const scope = new Scope(signal);
  const dispose = () => scope[Symbol.asyncDispose]();
  await running.start(scope);
  signal?.addEventListener('abort', () => void dispose(), { once: true });
  return {
    port: running.server.port,
    chain,
    counters: running.counters,
    faults: running.faults,
    read: (name) => decodedAt(plant, plant.names.resolve(name)),
    write: (name, value) => setValue(plant, plant.names.resolve(name), value),
    readBytes: (name) => plant.image.read(plant.names.resolve(name).location),
    [Symbol.asyncDispose]: dispose,
  };
}

const DEFAULT_PORT = 48898;
const DEFAULT_CYCLE_MS = 10;
const DEFAULT_NOTIFICATION_LIMIT = 100_000;

/** A plant whose inputs move, and the port at which it is served. */
class RunningPlant {
  readonly #plant: Plant;
  readonly #signals: Signals;
  readonly #status: BusStatus;
  readonly #task: Task;
  readonly counters = new Counters();
  readonly server: TcpServer;
  readonly faults: Faults;

  constructor(plant: Plant, options: SimulatorOptions) {
    const { host = '127.0.0.1', port = DEFAULT_PORT, seed = 1, log } = options;
    const { cycleMs = DEFAULT_CYCLE_MS, clock = systemClock } = options;
    this.#plant = plant;
    this.#signals = new Signals(plant, seed);
    this.#status = new BusStatus(plant);
    this.#task = new Task(clock, cycleMs, (elapsed) => this.#run(elapsed));
    const isSilent = () => this.faults.silent;
    this.server = new TcpServer(host, port, {
      router: new Router(
        plant,
        options.notificationLimit ?? DEFAULT_NOTIFICATION_LIMIT,
        this.counters,
      ),
      localRouter: new LocalRouter(amsNetId(plant.chain.systemNetId)),
      cycle: this.#task.cycle,
      counters: this.counters,
      log,
      get silent() {
        return isSilent();
      },
    });
    this.faults = new Faults(plant, this.server);
  }

  async start(scope: Scope): Promise<void> {
    scope.use(this.server);
    await this.server.listen();
    scope.use(this.#task);
    this.#task.start();
  }

  /** Moves the inputs, then lets every connection take its samples. */
  #run(elapsedMs: number): void {
    const { cycle } = this.#task;
    this.counters.cycles++;
    for (const bus of this.#plant.buses) bus.cycle(elapsedMs);
    this.#signals.move(elapsedMs / 1000, cycle.periodMs / 1000);
    this.#status.update(cycle.number);
    for (const connection of this.server.connections) connection.cycle();
  }
}

function decodedAt({ image }: Plant, { entry, location }: Named): Value {
  // A structure has no value of its own.
  if (entry === undefined) throw refused(Result.invalidData);
  return decodeValue(entry.datatype, image.read(location));
}

function setValue({ image }: Plant, { entry, location }: Named, value: Value): void {
  if (entry === undefined) throw refused(Result.invalidData);
  image.write(location, encodeValue(entry.datatype, value));
}
