import { cp1252Bytes } from '../kernel/index.ts';
import {
  arrayOf,
  byteLength,
  COE_HEAD_BITS,
  type CoeEntry,
  coeLayout,
  coeObjectLength,
  copyBits,
  type Datatype,
  type PlacedSubindex,
  type TerminalDefinition,
  type TerminalIdentity,
  type TypedSubindex,
  u8,
} from '../model/index.ts';
import { Result, refused } from './refusal.ts';

/** A subindex of the dictionary. Texts may be read at any length. */
type CoeValue = TypedSubindex & {
  bytes: Uint8Array;
  readonly access: 'r' | 'rw';
  readonly text: boolean;
};

/** Bit 8 of the offset asks for all subindices at once. */
const COMPLETE_ACCESS = 0x100;

/** The CoE objects of one slave or of the master, as SDO upload and download see them. */
export class ObjectDictionary {
  readonly #objects = new Map<number, Map<number, CoeValue>>();
  readonly #isWhole: boolean;
  /** SDO abort codes of objects that refuse, by index and subindex. */
  readonly #aborts = new Map<number, number>();

  /** With `complete`, it knows complete access. */
  constructor({ complete = false }: { readonly complete?: boolean } = {}) {
    this.#isWhole = complete;
  }

  /** Adds a subindex; subindex 0 is made from the highest one unless it is given. */
  define(
    index: number,
    subindex: number,
    bytes: Uint8Array,
    {
      access = 'r',
      text = false,
      datatype = arrayOf(u8, bytes.length),
    }: { access?: 'r' | 'rw'; text?: boolean; datatype?: Datatype } = {},
  ): void {
    const object = this.#objects.get(index) ?? new Map<number, CoeValue>();
    object.set(subindex, { subindex, datatype, bytes, access, text });
    const highest = Math.max(...object.keys());
    if (subindex !== 0 && highest > 0) {
      const count = Uint8Array.of(highest);
      object.set(0, { subindex: 0, datatype: u8, bytes: count, access: 'r', text: false });
    }
    this.#objects.set(index, object);
  }

  /** The bytes of an object; throws an SDO abort code. */
  upload(offset: number, length: number): Uint8Array {
    const { bytes, text } = isComplete(offset)
      ? { bytes: this.#whole(offset), text: false }
      : this.#find(offset);
    if (!text && length < bytes.length) throw refused(Result.sdoLengthMismatch);
    return bytes;
  }

  /** Sets an object, with exactly its bytes; throws an SDO abort code. */
  download(offset: number, bytes: Uint8Array): void {
    if (isComplete(offset)) this.#setWhole(offset, bytes);
    else this.#setOne(this.#find(offset), bytes);
  }

  /**
   * Lets an object refuse every upload and download with a code; 0 lets it be again. Subindex 256 is
   * complete access.
   */
  abort(index: number, subindex: number, code: number): void {
    const key = abortKey(index, subindex);
    if (code === 0) this.#aborts.delete(key);
    else this.#aborts.set(key, code >>> 0);
  }

  #setOne(value: CoeValue, bytes: Uint8Array): void {
    if (value.access === 'r') throw refused(Result.sdoReadOnly);
    const fits = value.text
      ? bytes.length <= value.bytes.length
      : bytes.length === value.bytes.length;
    if (!fits) throw refused(Result.sdoLengthMismatch);
    const stored = new Uint8Array(value.bytes.length);
    stored.set(bytes);
    value.bytes = stored;
  }

  /** The bytes of all subindices, from 0 or 1 on. */
  #whole(offset: number): Uint8Array {
    const layout = this.#layout(offset);
    const bytes = new Uint8Array(coeObjectLength(layout));
    bytes[0] = layout.at(-1)?.subindex ?? 0;
    for (const { at, bits, subindex } of layout) {
      copyBits(this.#find(offsetOf(offset, subindex)).bytes, 0, bytes, at, bits);
    }
    return (offset & 0xff) === 0 ? bytes : bytes.subarray(COE_HEAD_BITS / 8);
  }

  /** What is read-only keeps its value. */
  #setWhole(offset: number, bytes: Uint8Array): void {
    const layout = this.#layout(offset);
    const values = layout.map(({ subindex }) => this.#find(offsetOf(offset, subindex)));
    if (values.every(({ access }) => access === 'r')) throw refused(Result.sdoReadOnly);
    const head = (offset & 0xff) === 0 ? 0 : COE_HEAD_BITS;
    if (bytes.length !== coeObjectLength(layout) - head / 8) {
      throw refused(Result.sdoLengthMismatch);
    }
    for (const [i, value] of values.entries()) {
      const { at, bits } = layout[i] ?? { at: head, bits: 0 };
      if (value.access === 'r') continue;
      value.bytes = new Uint8Array(value.bytes.length);
      copyBits(bytes, at - head, value.bytes, 0, bits);
    }
  }

  /** Where the subindices of an object lie when it travels as a whole. */
  #layout(offset: number): readonly PlacedSubindex[] {
    const abort = this.#aborts.get(abortKey(offset >>> 16, COMPLETE_ACCESS));
    if (abort !== undefined) throw refused(abort);
    if (!this.#isWhole || (offset & 0xff) > 1) throw refused(Result.sdoUnsupportedAccess);
    const object = this.#objects.get(offset >>> 16);
    if (object === undefined) throw refused(Result.sdoNoObject);
    return coeLayout([...object.values()].filter(({ subindex }) => subindex > 0));
  }

  #find(offset: number): CoeValue {
    const abort = this.#aborts.get(abortKey(offset >>> 16, offset & 0xff));
    if (abort !== undefined) throw refused(abort);
    const object = this.#objects.get(offset >>> 16);
    if (object === undefined) throw refused(Result.sdoNoObject);
    const value = object.get(offset & 0xff);
    if (value === undefined) throw refused(Result.sdoNoSubindex);
    return value;
  }
}

function isComplete(offset: number): boolean {
  return (offset & COMPLETE_ACCESS) !== 0;
}

/** The offset of a subindex of the same object. */
function offsetOf(offset: number, subindex: number): number {
  return (offset & 0xffff_0000) | subindex;
}

function abortKey(index: number, subindex: number): number {
  return index * 0x200 + subindex;
}

/** Modular device profile: what EtherCAT terminals say in object 0x1000. */
const DEVICE_TYPE = 0x1389;

/** What a terminal's mailbox holds after power-up. */
export function terminalDictionary(
  definition: TerminalDefinition,
  { vendor, product, revision, serial }: TerminalIdentity & { readonly serial: number },
): ObjectDictionary {
  const dictionary = new ObjectDictionary({ complete: true });
  dictionary.define(0x1000, 0, u32(DEVICE_TYPE));
  dictionary.define(0x1008, 0, cp1252Bytes(definition.type), { text: true });
  dictionary.define(0x1009, 0, cp1252Bytes('01'), { text: true });
  dictionary.define(0x100a, 0, cp1252Bytes('01'), { text: true });
  [vendor, product, revision, serial].forEach((value, i) => {
    dictionary.define(0x1018, i + 1, u32(value));
  });
  for (const object of definition.coe) {
    for (const entry of object.entries) {
      dictionary.define(object.index, entry.subindex, powerUp(entry), {
        access: entry.access,
        text: entry.datatype.kind === 'string',
        datatype: entry.datatype,
      });
    }
  }
  return dictionary;
}

/** An object that lists `subindex 0` only still has it: entries define what they name. */
function powerUp({ datatype, default: hex = '' }: CoeEntry): Uint8Array {
  const bytes = new Uint8Array(byteLength(datatype));
  const digits = hex.replaceAll(/\s/g, '');
  for (let i = 0; i < bytes.length && i * 2 + 1 < digits.length; i++) {
    bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  }
  return bytes;
}

/** Little-endian bytes of an object of 32 bits. */
export function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}
