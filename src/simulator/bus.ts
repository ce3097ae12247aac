import type { AmsNetId } from '../ads/index.ts';
import { amsNetId } from '../ads/index.ts';
import { cp1252Bytes } from '../kernel/index.ts';
import {
  type BusLink,
  type ChainDevice,
  type ChainSlave,
  describedLinks,
  neighbourAddresses,
} from '../model/index.ts';
import { ObjectDictionary, u32 } from './coe.ts';
import { DcStatistics } from './dc-statistics.ts';
import { type Definitions, definitionOf } from './layout.ts';
import { EtherCatState, Slave } from './slave.ts';

/** Cycles that a slave takes from one state to the next. */
const CYCLES_PER_STEP = 5;

/** CRC errors that come by themselves. */
type Noise = { readonly port: number; readonly perSecond: number; due: number };

/** An EtherCAT master and the slaves below it. */
export class Bus {
  readonly facts: ChainDevice;
  readonly netId: AmsNetId;
  readonly slaves: readonly Slave[];
  /** How the slaves are plugged together, in bus order. */
  readonly links: readonly BusLink[];
  /** Station addresses at the ports of each slave. */
  readonly neighbours: readonly (readonly number[])[];
  /** Cyclic frames of one cycle. */
  readonly frames: number;
  readonly clocks = new DcStatistics();
  state: number = EtherCatState.op;
  /** Milliseconds since the master started. */
  systemTime = 0;
  cyclicSent = 0;
  cyclicLost = 0;
  acyclicSent = 0;
  acyclicLost = 0;
  readonly #byAddress: ReadonlyMap<number, Slave>;
  /** State that each of them was asked for. */
  readonly #moving = new Map<Slave, number>();
  readonly #noisy = new Map<Slave, Noise[]>();
  #dictionary: ObjectDictionary | undefined;
  #cycles = 0;

  /** Slaves that were there before, with the same facts, stay as they are. */
  constructor(facts: ChainDevice, definitions: Definitions, frames: number, before?: Bus) {
    this.facts = facts;
    this.netId = amsNetId(facts.netId);
    this.frames = frames;
    this.slaves = facts.slaves.map((slave) => kept(slave, definitions, before));
    this.links = describedLinks(facts.slaves);
    this.neighbours = neighbourAddresses(facts.slaves);
    this.#byAddress = new Map(this.slaves.map((slave) => [slave.facts.address, slave]));
  }

  /** The master's own CoE objects; made when first asked for. */
  get dictionary(): ObjectDictionary {
    this.#dictionary ??= masterDictionary(this);
    return this.#dictionary;
  }

  /** A slave and all that is plugged into it, and into that. */
  branch(slave: Slave): readonly Slave[] {
    const inBranch = new Set([this.slaves.indexOf(slave)]);
    this.links.forEach(({ parent }, index) => {
      if (parent !== undefined && inBranch.has(parent)) inBranch.add(index);
    });
    return this.slaves.filter((_, index) => inBranch.has(index));
  }

  /** The slave that another is plugged into, and at which port; undefined for the master. */
  upstream(slave: Slave): { readonly slave: Slave; readonly port: number } | undefined {
    const { parent, port } = this.links[this.slaves.indexOf(slave)] ?? {};
    const at = parent === undefined ? undefined : this.slaves[parent];
    return at === undefined || port === undefined ? undefined : { slave: at, port };
  }

  slave(address: number): Slave | undefined {
    return this.#byAddress.get(address);
  }

  /** Frames of one cycle, and what else goes on while they travel. */
  cycle(systemTime: number): void {
    const seconds = (systemTime - this.systemTime) / 1000;
    this.systemTime = systemTime;
    this.#cycles++;
    this.cyclicSent = (this.cyclicSent + this.frames) >>> 0;
    this.clocks.cycle(this.#cycles);
    if (this.#moving.size > 0 && this.#cycles % CYCLES_PER_STEP === 0) this.#step();
    if (this.#noisy.size > 0) this.#corrupt(seconds);
  }

  /** Begins the way of one slave to a state. */
  request(slave: Slave, state: number): void {
    this.#moving.set(slave, state);
  }

  /** Begins the way of the master to a state, and of all its slaves. */
  requestAll(state: number): void {
    this.state = state;
    for (const slave of this.slaves) this.request(slave, state);
  }

  /** Makes the CRC counter of a port rise; 0 per second ends that. */
  corrupt(slave: Slave, port: number, perSecond: number): void {
    const others = (this.#noisy.get(slave) ?? []).filter((noise) => noise.port !== port);
    if (perSecond > 0) others.push({ port, perSecond, due: 0 });
    if (others.length > 0) this.#noisy.set(slave, others);
    else this.#noisy.delete(slave);
  }

  resetFrameCounters(): void {
    this.cyclicSent = 0;
    this.cyclicLost = 0;
    this.acyclicSent = 0;
    this.acyclicLost = 0;
  }

  #step(): void {
    for (const [slave, wanted] of this.#moving) {
      if (slave.step(wanted)) this.#moving.delete(slave);
    }
  }

  #corrupt(seconds: number): void {
    for (const [slave, noises] of this.#noisy) {
      for (const noise of noises) {
        noise.due += noise.perSecond * seconds;
        const whole = Math.floor(noise.due);
        noise.due -= whole;
        slave.crc[noise.port] = (slave.crc[noise.port] ?? 0) + whole;
      }
    }
  }
}

function kept(facts: ChainSlave, definitions: Definitions, before: Bus | undefined): Slave {
  const known = before?.slave(facts.address);
  const same = known?.facts.type === facts.type && known.facts.name === facts.name;
  return same ? known : new Slave(facts, definitionOf(facts, definitions));
}

/**
 * The master's own identity, 0x8000+n with what is configured at bus position n, and 0xA000+n with the
 * addresses at its ports (ETG.1510).
 */
function masterDictionary({ facts, slaves, neighbours }: Bus): ObjectDictionary {
  const dictionary = new ObjectDictionary();
  const { vendor, product, revision, serial } = facts.identity;
  dictionary.define(0x1008, 0, cp1252Bytes('EtherCAT Master'), { text: true });
  [vendor, product, revision, serial].forEach((value, i) => {
    dictionary.define(0x1018, i + 1, u32(value));
  });
  slaves.forEach(({ facts: { address, type, name }, definition: { identity } }, n) => {
    const index = 0x8000 + n;
    dictionary.define(index, 1, Uint8Array.of(address, address >>> 8));
    dictionary.define(index, 2, cp1252Bytes(type), { text: true });
    dictionary.define(index, 3, cp1252Bytes(name), { text: true });
    dictionary.define(index, 4, u32(0));
    dictionary.define(index, 5, u32(identity.vendor));
    dictionary.define(index, 6, u32(identity.product));
    dictionary.define(index, 7, u32(identity.revision));
    dictionary.define(index, 8, u32(0));
    neighbours[n]?.forEach((neighbour, port) => {
      dictionary.define(0xa000 + n, 6 + port, Uint8Array.of(neighbour, neighbour >>> 8));
    });
  });
  return dictionary;
}
