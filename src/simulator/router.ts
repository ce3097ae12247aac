import {
  type AmsAddress,
  type AmsNetId,
  type AmsPort,
  amsNetId,
  formatAddress,
  Port,
} from '../ads/index.ts';
import type { Bus } from './bus.ts';
import type { Configuration } from './configuration.ts';
import type { Counters } from './counters.ts';
import { type Device, refusing } from './device.ts';
import type { Disturbance } from './disturbance.ts';
import { HandlePool } from './handle-pool.ts';
import { ioServer } from './io-server.ts';
import { mailbox, master } from './master.ts';
import type { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';
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

/** Knows which device is behind which AMS address, whatever the plant is made of by now. */
export class Router {
  readonly #plant: Plant;
  readonly #system: AmsNetId;
  readonly #disturbance: Disturbance;
  readonly #counters: Counters;
  /** They outlive what they are handles of. */
  readonly #pools = new Map<string, HandlePool>();
  #known: Configuration;
  #buses: ReadonlyMap<AmsNetId, Bus>;
  #routes = new Map<string, Route>();

  constructor(plant: Plant, disturbance: Disturbance, counters: Counters) {
    this.#plant = plant;
    this.#system = amsNetId(plant.chain.systemNetId);
    this.#disturbance = disturbance;
    this.#counters = counters;
    this.#known = plant.configuration;
    this.#buses = busesByNetId(plant);
  }

  /** The device, or the AMS error: 7 for a NetId without route, 6 for a port without server. */
  find({ netId: given, port }: AmsAddress): Route | number {
    if (this.#known !== this.#plant.configuration) this.#learn();
    const netId = given === LOOPBACK ? this.#system : given;
    const away = !this.#plant.running && netId === this.#system && this.#hasSymbols(port);
    if (away && this.#plant.configAnswer === 'no-port') return Result.targetPortNotFound;
    const key = formatAddress({ netId, port });
    const route = this.#routes.get(key) ?? this.#open(key, netId, port);
    return away && typeof route !== 'number' ? { ...route, device: notReady(route.device) } : route;
  }

  /** Handles that come are other than those that were. */
  restart(): void {
    for (const pool of this.#pools.values()) pool.restart();
  }

  #learn(): void {
    this.#known = this.#plant.configuration;
    this.#buses = busesByNetId(this.#plant);
    this.#routes = new Map();
  }

  #hasSymbols(port: AmsPort): boolean {
    const { chain, plc } = this.#plant;
    return port === chain.symbolPort || port === plc?.port;
  }

  #open(key: string, netId: AmsNetId, port: AmsPort): Route | number {
    const bus = this.#buses.get(netId);
    if (bus === undefined && netId !== this.#system) return Result.targetMachineNotFound;
    const own = netId === this.#system ? this.#deviceOf(port) : undefined;
    const device = own ?? (bus && onBus(this.#plant, bus, port));
    if (device === undefined) return Result.targetPortNotFound;
    const handles = this.#pools.get(key) ?? new HandlePool(this.#disturbance, this.#counters);
    this.#pools.set(key, handles);
    const route = { device, handles, sums: own !== undefined && this.#hasSymbols(port) };
    this.#routes.set(key, route);
    return route;
  }

  #deviceOf(port: AmsPort): Device | undefined {
    const { chain, plc } = this.#plant;
    if (port === chain.symbolPort) return new SymbolServer(this.#plant);
    if (port === plc?.port) return plc;
    if (port === Port.system) return systemService(this.#plant);
    return port === Port.ioServer ? ioServer(this.#plant) : undefined;
  }
}

function busesByNetId({ buses }: Plant): ReadonlyMap<AmsNetId, Bus> {
  return new Map(buses.map((bus) => [bus.netId, bus]));
}

function onBus(plant: Plant, bus: Bus, port: AmsPort): Device | undefined {
  if (port === Port.ethercatMaster) return master(plant, bus);
  const slave = bus.slave(port);
  return slave && mailbox(plant, bus, slave);
}

/** A server that is there but has nothing to work on yet. */
function notReady(device: Device): Device {
  const refuse = () => {
    throw refused(Result.notReady);
  };
  return {
    ...refusing,
    info: () => device.info(),
    state: () => device.state(),
    read: refuse,
    write: refuse,
    readWrite: refuse,
    watch: refuse,
  };
}
