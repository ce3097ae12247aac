import { IocError } from '../../kernel/index.ts';
import type { Chain, ChainDevice, ChainSlave } from '../../model/index.ts';
import type { Bus } from '../bus.ts';
import type { Surroundings } from '../conversation.ts';
import { definitionOf } from '../layout.ts';
import type { Plant } from '../plant.ts';
import type { TcpServer } from '../server.ts';
import type { Slave, SlaveIdentity } from '../slave.ts';
import type { Task } from '../task.ts';
import { SystemFaults } from './system-faults.ts';

/**
 * What can be made to go wrong in a simulated plant while it runs: links, TwinCAT itself, and the
 * EtherCAT slaves, which are told by name. Throws `simulator/no-target` for what is not there.
 */
export class Faults extends SystemFaults {
  readonly #plant: Plant;

  constructor(server: TcpServer, around: Surroundings, task: Task, signal: AbortSignal) {
    super(server, around, task, signal);
    this.#plant = around.plant;
  }

  /** Sets a slave's state byte: 8 is OP, 4 SAFEOP (facts/ads.md section 6). */
  setSlaveState(name: string, state: number): void {
    this.#slave(name).slave.state = state;
  }

  /** Sets a slave's link byte: 0 is good, bits 0 and 1 stop its data, others only report. */
  setSlaveLink(name: string, link: number): void {
    this.#slave(name).slave.link = link;
  }

  /** Takes a slave out: INIT, link "not present", WcState 1, its mailbox times out (0x719). */
  unplug(name: string): void {
    this.#slave(name).slave.unplug();
  }

  /** Puts the slave back: OP again. */
  replug(name: string): void {
    this.#slave(name).slave.plug();
  }

  /**
   * Cuts the cable or contact by which a slave is plugged in: it and all behind it are not there, and
   * the slave before it misses a link.
   */
  cutCable(name: string): void {
    const { bus, slave } = this.#slave(name);
    const before = bus.upstream(slave);
    before?.slave.cut(before.port, true);
    for (const each of bus.branch(slave)) each.unplug();
  }

  /** The cable is there again, and with it all behind it. */
  mendCable(name: string): void {
    const { bus, slave } = this.#slave(name);
    const before = bus.upstream(slave);
    before?.slave.cut(before.port, false);
    for (const each of bus.branch(slave)) each.plug();
    slave.lostLinks[0] = (slave.lostLinks[0] ?? 0) + 1;
  }

  /** Adds lost links to port 0 (A) to 3 (D) of a slave, which counts up to 255. */
  addLostLinks(name: string, port: number, count: number): void {
    const { lostLinks } = this.#slave(name).slave;
    lostLinks[port] = (lostLinks[port] ?? 0) + count;
  }

  /**
   * Puts a terminal of another type or identity in the place of a slave, while the configuration
   * stays: identity (0x0011, CoE 0x1018) and objects are the new ones. When vendor or product
   * differ from the configured ones it stays in PREOP with bit 0x20, identity mismatch.
   */
  exchangeSlave(name: string, other: Partial<SlaveIdentity> & { readonly type?: string }): void {
    const { slave } = this.#slave(name);
    const { type, ...identity } = other;
    const facts = type === undefined ? slave.facts : { ...slave.facts, type };
    const definition = definitionOf(facts, this.#plant.definitions);
    slave.exchange({ ...definition.identity, serial: 0, ...identity }, definition);
  }

  /**
   * Configures one slave more of a master, by the device's id, before another one or at the end;
   * returns its name.
   */
  addSlave(deviceId: number, type: string, before?: string): string {
    const { slaves } = this.#bus(deviceId).facts;
    const next = before === undefined ? undefined : this.#slave(before).slave.facts;
    const at = next === undefined ? slaves.length : slaves.indexOf(next);
    const name = `Term ${this.#freeNumber()} (${type})`;
    const address = Math.max(1000, ...slaves.map((slave) => slave.address)) + 1;
    const last = slaves[at - 1];
    const place = { node: last?.node ?? 0, position: (last?.position ?? -1) + 1 };
    this.#activate(deviceId, slaves.toSpliced(at, 0, { type, name, ...place, address }));
    return name;
  }

  /** Takes a slave out of the configuration. */
  removeSlave(name: string): void {
    const { bus, slave } = this.#slave(name);
    const others = bus.facts.slaves.filter((facts) => facts !== slave.facts);
    this.#activate(bus.facts.id, others);
  }

  /** Configures another type for a slave, whose address stays; returns its new name. */
  replaceSlave(name: string, type: string): string {
    const { bus, slave } = this.#slave(name);
    const renamed = name.replace(`(${slave.facts.type})`, `(${type})`);
    const replacement = { ...slave.facts, type, name: renamed };
    const slaves = bus.facts.slaves.map((each) => (each === slave.facts ? replacement : each));
    this.#activate(bus.facts.id, slaves);
    return renamed;
  }

  /**
   * The toggles of a slave stand still while its data go on: all of them, or those in one of its
   * symbols (`AI Standard Channel 1`, `WcState.InputToggle`). Throws 0x710 for one that is not there.
   */
  freezeToggles(name: string, symbol?: string): void {
    const { slave } = this.#slave(name);
    const frozen =
      symbol === undefined ? name : this.#plant.names.resolve(`${name}.${symbol}`).variable.name;
    slave.frozen.add(frozen);
  }

  /** All toggles of a slave go on. */
  thawToggles(name: string): void {
    this.#slave(name).slave.frozen.clear();
  }

  /**
   * Every upload and download of a subindex ends with this SDO abort code; 0 ends that. Subindex 256
   * is the object as a whole, by complete access.
   */
  abortSdo(name: string, index: number, subindex: number, code: number): void {
    this.#slave(name).slave.dictionary.abort(index, subindex, code);
  }

  /** Adds CRC errors to port 0 (A) to 3 (D) of a slave. */
  addCrcErrors(name: string, port: number, count: number): void {
    const { crc } = this.#slave(name).slave;
    crc[port] = (crc[port] ?? 0) + count;
  }

  /** Lets the CRC counter of a port rise by so many per second; 0 ends that. */
  raiseCrc(name: string, port: number, perSecond: number): void {
    const { bus, slave } = this.#slave(name);
    bus.corrupt(slave, port, perSecond);
  }

  /** Counts lost frames of a master, by the device's id. */
  loseFrames(deviceId: number, cyclic: number, acyclic = 0): void {
    const bus = this.#bus(deviceId);
    bus.cyclicLost = (bus.cyclicLost + cyclic) >>> 0;
    bus.acyclicLost = (bus.acyclicLost + acyclic) >>> 0;
  }

  /** Sets the EtherCAT state of a master, by the device's id. */
  setMasterState(deviceId: number, state: number): void {
    this.#bus(deviceId).state = state;
  }

  /** The least number from that of the slaves on that no slave's name has. */
  #freeNumber(): number {
    const slaves = this.#plant.chain.devices.flatMap((device) => device.slaves);
    let number = slaves.length + 1;
    while (slaves.some(({ name }) => name.startsWith(`Term ${number} `))) number++;
    return number;
  }

  #activate(deviceId: number, slaves: readonly ChainSlave[]): void {
    const { chain } = this.#plant;
    const devices = chain.devices.map((device): ChainDevice => {
      return device.id === deviceId ? { ...device, slaves } : device;
    });
    this.reconfigure(withoutLost({ ...chain, devices }));
  }

  #bus(deviceId: number): Bus {
    const bus = this.#plant.buses.find(({ facts }) => facts.id === deviceId);
    if (bus === undefined) throw unknown(`device ${deviceId}`);
    return bus;
  }

  #slave(name: string): { readonly bus: Bus; readonly slave: Slave } {
    for (const bus of this.#plant.buses) {
      const slave = bus.slaves.find(({ facts }) => facts.name === name);
      if (slave !== undefined) return { bus, slave };
    }
    throw unknown(`slave "${name}"`);
  }
}

/** Signals and wires of terminals that are no more go with them. */
function withoutLost(chain: Chain): Chain {
  const names = chain.devices.flatMap(({ slaves }) => slaves.map(({ name }) => name));
  const isThere = (symbol: string) => names.some((name) => symbol.startsWith(`${name}.`));
  const signals = Object.entries(chain.signals).filter(([symbol]) => isThere(symbol));
  const loops = chain.loops.filter(({ from, to }) => isThere(from) && isThere(to));
  return { ...chain, signals: Object.fromEntries(signals), loops };
}

function unknown(what: string): IocError {
  return new IocError('simulator/no-target', `The simulated plant has no ${what} to break`);
}
