import { amsNetId } from '../ads/index.ts';
import { type Scope, systemClock } from '../kernel/index.ts';
import { BusStatus } from './bus-status.ts';
import type { Configuration } from './configuration.ts';
import type { Surroundings } from './conversation.ts';
import { Counters } from './counters.ts';
import { Disturbance } from './disturbance.ts';
import { Faults } from './faults/faults.ts';
import { LocalRouter } from './local-router.ts';
import { NetworkPeer } from './network-peer.ts';
import type { SimulatorOptions } from './options.ts';
import type { Plant } from './plant.ts';
import { Router } from './router.ts';
import { RouterPort } from './router-port.ts';
import { Routes } from './routes.ts';
import { TcpServer } from './server.ts';
import { Signals } from './signals.ts';
import { Task } from './task.ts';

const DEFAULT_PORT = 48898;
const DEFAULT_CYCLE_MS = 10;
const DEFAULT_NOTIFICATION_LIMIT = 100_000;

/** As CATio and TwinCAT ship it (facts/ads.md section 4). */
const DEFAULT_CREDENTIALS = { user: 'Administrator', password: '1' };

/** A plant whose inputs move, and the port at which it is served. */
export class RunningPlant {
  readonly #plant: Plant;
  readonly #seed: number;
  readonly #options: SimulatorOptions;
  readonly #task: Task;
  #motion: Motion;
  #routerPort: RouterPort | undefined;
  readonly around: Surroundings;
  readonly server: TcpServer;
  readonly faults: Faults;

  /** Throws `simulator/no-symbol` and `simulator/loop-size`. */
  constructor(plant: Plant, options: SimulatorOptions, signal: AbortSignal) {
    const { host = '127.0.0.1', port = DEFAULT_PORT, seed = 1, log } = options;
    const { cycleMs = DEFAULT_CYCLE_MS, clock = systemClock } = options;
    this.#plant = plant;
    this.#seed = seed;
    this.#options = options;
    this.#motion = motionOf(plant.configuration, seed);
    this.#task = new Task(clock, cycleMs, (elapsed) => this.#run(elapsed));
    const counters = new Counters();
    const limit = options.notificationLimit ?? DEFAULT_NOTIFICATION_LIMIT;
    const disturbance = new Disturbance(options.oneConnectionPerPeer ?? false, limit);
    this.around = {
      plant,
      router: new Router(plant, disturbance, counters),
      routes: new Routes(
        options.routesRequired ?? false,
        options.credentials ?? DEFAULT_CREDENTIALS,
      ),
      disturbance,
      cycle: this.#task.cycle,
      counters,
      clock,
      log,
      conversations: new Set(),
      network: undefined,
    };
    const localRouter = new LocalRouter(amsNetId(plant.chain.systemNetId));
    this.server = new TcpServer(host, port, this.around, localRouter);
    this.faults = new Faults(this.server, this.around, this.#task, signal);
  }

  get routerPort(): number | undefined {
    return this.#routerPort?.port;
  }

  /** Rejects with `simulator/listen` when a port cannot be had, `ads/connect` without broker. */
  async start(scope: Scope): Promise<void> {
    const { host = '127.0.0.1', routerPort, mqtt } = this.#options;
    scope.use(this.server);
    await this.server.listen();
    if (routerPort !== undefined) {
      this.#routerPort = scope.use(new RouterPort(this.around));
      await this.#routerPort.listen(host, routerPort);
    }
    if (mqtt !== undefined) {
      const peer = scope.use(new NetworkPeer(this.around, mqtt, scope.signal));
      await peer.join();
      this.around.network = peer;
    }
    scope.use(this.#task);
    this.#task.start();
  }

  /** Moves the inputs, then lets every client have its samples. */
  #run(elapsedMs: number): void {
    const { cycle } = this.#task;
    const { configuration } = this.#plant;
    if (this.#motion.configuration !== configuration) {
      this.#motion = motionOf(configuration, this.#seed);
    }
    this.around.counters.cycles++;
    for (const bus of configuration.buses) bus.cycle(elapsedMs);
    if (this.#plant.running) {
      this.#motion.signals.move(elapsedMs / 1000, cycle.periodMs / 1000);
      this.#motion.status.update(cycle.number);
    }
    for (const conversation of this.around.conversations) conversation.cycle();
  }
}

/** What changes the image of one configuration. */
type Motion = {
  readonly configuration: Configuration;
  readonly signals: Signals;
  readonly status: BusStatus;
};

function motionOf(configuration: Configuration, seed: number): Motion {
  return {
    configuration,
    signals: new Signals(configuration, seed),
    status: new BusStatus(configuration),
  };
}
