import { type AmsAddress, type AmsNetId, amsNetId, formatAddress, Port } from '../ads/index.ts';
import type { Counters } from './counters.ts';
import type { Device } from './device.ts';
import { ioServer } from './io-server.ts';
import { mailbox, master } from './master.ts';
import type { Plant } from './plant.ts';
import { Result } from './refusal.ts';
import { HandlePool } from './subscriber.ts';
import { SymbolServer } from './symbol-server.ts';
import { systemService } from './system-service.ts';

/** A device at its address. */
export interface Route {
  readonly device: Device;
  readonly handles: HandlePool;
  readonly sums: boolean;
}

/** How a client on the same machine calls the local system. */
const LOOPBACK = amsNetId('127.0.0.1.1.1');

/** Knows which device is behind which AMS address. */
export class Router {
  readonly #routes = new Map<string, Route>();
  readonly #netIds = new Set<AmsNetId>([LOOPBACK]);
  readonly #system: AmsNetId;

  constructor(plant: Plant, notificationLimit: number, counters: Counters) {
    this.#system = amsNetId(plant.chain.systemNetId);
    const add = (netId: AmsNetId, port: number, device: Device, sums = false) => {
      const handles = new HandlePool(notificationLimit, counters);
      this.#routes.set(`${netId}:${port}`, { device, handles, sums });
      this.#netIds.add(netId);
    };
    add(this.#system, Port.system, systemService(plant));
    add(this.#system, Port.ioServer, ioServer(plant));
    add(this.#system, plant.chain.symbolPort, new SymbolServer(plant), true);
    for (const bus of plant.buses) {
      add(bus.netId, Port.ethercatMaster, master(plant, bus));
      for (const slave of bus.slaves) {
        add(bus.netId, slave.facts.address, mailbox(plant, bus, slave));
      }
    }
  }

  /** The device, or the AMS error: 7 for a NetId without route, 6 for a port without server. */
  find(target: AmsAddress): Route | number {
    if (!this.#netIds.has(target.netId)) return Result.targetMachineNotFound;
    const netId = target.netId === LOOPBACK ? this.#system : target.netId;
    return (
      this.#routes.get(formatAddress({ netId, port: target.port })) ?? Result.targetPortNotFound
    );
  }
}
