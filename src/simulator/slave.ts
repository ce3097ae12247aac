import type { ChainSlave, TerminalDefinition, TerminalIdentity } from '../model/index.ts';
import { type ObjectDictionary, terminalDictionary } from './coe.ts';

/** EtherCAT states (facts/ads.md section 6). */
export const EtherCatState = { init: 1, preOp: 2, boot: 3, safeOp: 4, op: 8 } as const;
export type EtherCatState = (typeof EtherCatState)[keyof typeof EtherCatState];

/** Bits of a state byte above the state. */
export const StateError = { refused: 0x10, identityMismatch: 0x20 } as const;

/** Bits of a link byte; those of missing and additional links say no more than that. */
const LinkError = { notPresent: 0x01, noCommunication: 0x02, missingLink: 0x04 } as const;
const LINK_LOST = LinkError.notPresent | LinkError.noCommunication;

export type SlaveIdentity = TerminalIdentity & { readonly serial: number };

/** A simulated slave; its state and counters are what faults change. */
export class Slave {
  readonly facts: ChainSlave;
  readonly definition: TerminalDefinition;
  /** Low nibble an `EtherCatState`, high nibble error bits. */
  state: number = EtherCatState.op;
  /** 0 is a good link. */
  link = 0;
  /** Of the ports A to D. */
  readonly crc = new Uint32Array(4);
  /** Links lost at the ports A to D; a slave counts up to 255. */
  readonly lostLinks = new Uint8ClampedArray(4);
  /** Symbols whose toggles stand still, by name; its own name stands for all of them. */
  readonly frozen = new Set<string>();
  #identity: SlaveIdentity;
  #dictionary: ObjectDictionary | undefined;

  constructor(facts: ChainSlave, definition: TerminalDefinition) {
    this.facts = facts;
    this.definition = definition;
    this.#identity = { ...definition.identity, serial: 0 };
  }

  /** Of the terminal that sits there, which need not be the one that is configured. */
  get identity(): SlaveIdentity {
    return this.#identity;
  }

  /** Its CoE objects; made when first asked for. */
  get dictionary(): ObjectDictionary {
    this.#dictionary ??= terminalDictionary(this.definition, this.#identity);
    return this.#dictionary;
  }

  /** Whether its process data take part in the cycle. */
  get exchanging(): boolean {
    return this.state === EtherCatState.op && (this.link & LINK_LOST) === 0;
  }

  /** Whether frames come to it. */
  get connected(): boolean {
    return (this.link & LINK_LOST) === 0;
  }

  /** Whether its mailbox answers. */
  get reachable(): boolean {
    return (this.state & 0x0f) !== EtherCatState.init && (this.link & LINK_LOST) === 0;
  }

  get crcSum(): number {
    return this.crc.reduce((sum, count) => (sum + count) >>> 0, 0);
  }

  /** Takes the terminal out: no link, no state, no mailbox. */
  unplug(): void {
    this.link = LinkError.notPresent;
    this.state = EtherCatState.init;
  }

  /** The cable at a port is cut, or there again. */
  cut(port: number, isCut: boolean): void {
    const bits = LinkError.missingLink | (0x10 << port);
    this.link = isCut ? this.link | bits : this.link & ~bits;
    if (isCut) this.lostLinks[port] = (this.lostLinks[port] ?? 0) + 1;
  }

  /** Puts the terminal back, which goes to OP when it is the configured one. */
  plug(): void {
    this.link = 0;
    this.state = this.#isConfigured()
      ? EtherCatState.op
      : EtherCatState.preOp | StateError.identityMismatch;
  }

  /** Puts another terminal in its place, with objects as after power-up. */
  exchange(identity: SlaveIdentity, definition: TerminalDefinition): void {
    this.#identity = identity;
    this.#dictionary = terminalDictionary(definition, identity);
    this.plug();
  }

  /** One step towards a state; true when there is no more to do. */
  step(wanted: number): boolean {
    const now = this.state & 0x0f;
    if (wanted <= now) this.state = wanted;
    else this.state = this.#isReady() ? next(now, wanted) : now | StateError.refused;
    return this.state >= wanted;
  }

  /** Whether anything would bring it to a higher state. */
  #isReady(): boolean {
    return (this.link & LINK_LOST) === 0 && this.#isConfigured();
  }

  /** What TwinCAT compares before it starts a slave. */
  #isConfigured(): boolean {
    const { vendor, product } = this.definition.identity;
    return vendor === this.#identity.vendor && product === this.#identity.product;
  }
}

/** The state after this one; BOOT is reached from INIT only, and left to INIT only. */
function next(now: number, wanted: number): number {
  if (wanted === EtherCatState.boot || now === EtherCatState.boot) {
    return now === EtherCatState.init ? EtherCatState.boot : now | StateError.refused;
  }
  return now << 1;
}
