import { byteLength, type Datatype } from './datatype.ts';
import { decodeValue, encodeValue, type Value } from './value.ts';

/** A subindex of a CoE object, from 1 on, and its type. */
export type TypedSubindex = { readonly subindex: number; readonly datatype: Datatype };

/** A subindex and where it lies in the object, in bits. */
export type PlacedSubindex = TypedSubindex & { readonly at: number; readonly bits: number };

/** Subindex 0, which counts the others, is padded to a word (ETG.1000.6, complete access). */
export const COE_HEAD_BITS = 16;
/** Subindices whose bits share a word: in the objects of terminals each is named by its bit. */
const WORD_BITS = 16;

/**
 * Where the subindices of an object lie in complete access, which carries it as a whole: one after the
 * other, each from a full byte, but bits. Those of terminals lie in the word behind subindex 0, at
 * the bit that their subindex counts from 1, as their device descriptions have it.
 */
export function coeLayout(entries: readonly TypedSubindex[]): readonly PlacedSubindex[] {
  const sorted = [...entries].sort((a, b) => a.subindex - b.subindex);
  const hasBits = sorted.some(({ datatype }) => isWithinByte(datatype));
  let end = COE_HEAD_BITS;
  return sorted.map((entry) => {
    const bits = bitsOf(entry.datatype);
    const isInWord = hasBits && entry.subindex <= WORD_BITS;
    const at = isInWord ? COE_HEAD_BITS + entry.subindex - 1 : Math.ceil(end / 8) * 8;
    end = isInWord ? COE_HEAD_BITS + WORD_BITS : at + bits;
    return { ...entry, at, bits };
  });
}

/** Bytes of an object that is laid out so, with subindex 0. */
export function coeObjectLength(layout: readonly PlacedSubindex[]): number {
  const word = layout.some(({ datatype }) => isWithinByte(datatype)) ? WORD_BITS : 0;
  const ends = layout.map(({ at, bits }) => at + bits);
  return Math.ceil(Math.max(COE_HEAD_BITS + word, ...ends) / 8);
}

/** The value of a subindex in the bytes of its object. */
export function takeCoeValue({ datatype, at, bits }: PlacedSubindex, object: Uint8Array): Value {
  const own = new Uint8Array(byteLength(datatype));
  copyBits(object, at, own, 0, bits);
  return decodeValue(datatype, own);
}

/** Puts the value of a subindex into the bytes of its object. */
export function putCoeValue(
  { datatype, at, bits }: PlacedSubindex,
  value: Value,
  object: Uint8Array,
): void {
  copyBits(encodeValue(datatype, value), 0, object, at, bits);
}

/** Copies so many bits from a place to another, each counted from bit 0 of byte 0. */
export function copyBits(
  from: Uint8Array,
  fromBit: number,
  to: Uint8Array,
  toBit: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const bit = ((from[(fromBit + i) >>> 3] ?? 0) >>> ((fromBit + i) & 7)) & 1;
    const byte = (toBit + i) >>> 3;
    const shift = (toBit + i) & 7;
    to[byte] = ((to[byte] ?? 0) & ~(1 << shift)) | (bit << shift);
  }
}

function bitsOf(datatype: Datatype): number {
  if (datatype.kind === 'bool') return 1;
  return datatype.kind === 'int' ? datatype.bits : 8 * byteLength(datatype);
}

function isWithinByte(datatype: Datatype): boolean {
  return bitsOf(datatype) % 8 !== 0;
}
