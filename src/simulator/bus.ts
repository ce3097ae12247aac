import type { AmsNetId } from '../ads/index.ts';
import { amsNetId } from '../ads/index.ts';
import { cp1252Bytes } from '../kernel/index.ts';
import type { ChainDevice, ChainSlave, TerminalIdentity } from '../model/index.ts';
import { ObjectDictionary, terminalDictionary, u32 } from './coe.ts';
import { type Definitions, definitionOf } from './layout.ts';

/** EtherCAT states; higher bits of the state byte are errors (facts/ads.md section 6). */
export const EtherCatState = { init: 1, preOp: 2, boot: 3, safeOp: 4, op: 8 } as const;
export type EtherCatState = (typeof EtherCatState)[keyof typeof EtherCatState];

/** A simulated slave; its state and counters are what faults change. */
export class Slave {
  readonly facts: ChainSlave;
  readonly identity: TerminalIdentity & { readonly serial: number };
  readonly dictionary: ObjectDictionary;
  /** Low nibble an `EtherCatState`, high nibble error bits. */
  state: number = EtherCatState.op;
  /** 0 is a good link. */
  link = 0;
  /** Of the ports A to D. */
  readonly crc = new Uint32Array(4);

  constructor(facts: ChainSlave, definitions: Definitions) {
    const definition = definitionOf(facts, definitions);
    this.facts = facts;
    this.identity = { ...definition.identity, serial: 0 };
    this.dictionary = terminalDictionary(definition);
  }

  /** Whether its process data take part in the cycle. */
  get exchanging(): boolean {
    return this.state === EtherCatState.op && this.link === 0;
  }

  /** Whether its mailbox answers. */
  get reachable(): boolean {
    return (this.state & 0x0f) !== EtherCatState.init && this.link === 0;
  }

  get crcSum(): number {
    return this.crc.reduce((sum, count) => (sum + count) >>> 0, 0);
  }
}

/** An EtherCAT master and the slaves below it. */
export class Bus {
  readonly facts: ChainDevice;
  readonly netId: AmsNetId;
  readonly slaves: readonly Slave[];
  readonly dictionary: ObjectDictionary;
  readonly #byAddress: ReadonlyMap<number, Slave>;
  state: number = EtherCatState.op;
  /** Milliseconds since the master started. */
  systemTime = 0;
  cyclicSent = 0;
  cyclicLost = 0;
  acyclicSent = 0;
  acyclicLost = 0;

  constructor(facts: ChainDevice, definitions: Definitions) {
    this.facts = facts;
    this.netId = amsNetId(facts.netId);
    this.slaves = facts.slaves.map((slave) => new Slave(slave, definitions));
    this.dictionary = masterDictionary(facts, this.slaves);
    this.#byAddress = new Map(this.slaves.map((slave) => [slave.facts.address, slave]));
  }

  slave(address: number): Slave | undefined {
    return this.#byAddress.get(address);
  }

  /** Frames of one cycle. */
  cycle(systemTime: number): void {
    this.systemTime = systemTime;
    this.cyclicSent = (this.cyclicSent + 1) >>> 0;
  }

  resetFrameCounters(): void {
    this.cyclicSent = 0;
    this.cyclicLost = 0;
    this.acyclicSent = 0;
    this.acyclicLost = 0;
  }
}

/** The master's own identity, and 0x8000+n with what is configured at bus position n (ETG.1510). */
function masterDictionary(facts: ChainDevice, slaves: readonly Slave[]): ObjectDictionary {
  const dictionary = new ObjectDictionary();
  const { vendor, product, revision, serial } = facts.identity;
  dictionary.define(0x1008, 0, cp1252Bytes('EtherCAT Master'), { text: true });
  [vendor, product, revision, serial].forEach((value, i) => {
    dictionary.define(0x1018, i + 1, u32(value));
  });
  slaves.forEach(({ facts: { address, type, name }, identity }, n) => {
    const index = 0x8000 + n;
    dictionary.define(index, 1, Uint8Array.of(address, address >>> 8));
    dictionary.define(index, 2, cp1252Bytes(type), { text: true });
    dictionary.define(index, 3, cp1252Bytes(name), { text: true });
    dictionary.define(index, 4, u32(0));
    dictionary.define(index, 5, u32(identity.vendor));
    dictionary.define(index, 6, u32(identity.product));
    dictionary.define(index, 7, u32(identity.revision));
    dictionary.define(index, 8, u32(identity.serial));
  });
  return dictionary;
}
