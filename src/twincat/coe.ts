import {
  type AdsClient,
  type AmsAddress,
  formatAddress,
  readBytes,
  writeBytes,
} from '../ads/index.ts';
import { IocError } from '../kernel/index.ts';
import { byteLength, type Datatype, decodeValue, encodeValue, type Value } from '../model/index.ts';

/** Index group of the CoE mailbox of a slave or a master (facts/ads.md section 6). */
export const COE_GROUP = 0xf302;

/** Bit of the index offset that asks for all subindices at once. */
const COMPLETE_ACCESS = 0x100;

/** An entry of an object dictionary: `1018:01`. */
export type CoePlace = {
  readonly index: number;
  readonly subindex: number;
  /** All subindices from `subindex` (0 or 1) on at once, which not every slave can. */
  readonly complete?: boolean;
};

/** An entry and what it holds. */
export type TypedCoePlace = CoePlace & { readonly datatype: Datatype };

/** Index offset of a CoE entry. Throws `twincat/coe-place` outside of 0-FFFF and 0-FF. */
export function coeOffset({ index, subindex, complete = false }: CoePlace): number {
  if (!(within(index, 0xffff) && within(subindex, complete ? 1 : 0xff))) {
    const limit = complete ? ' for complete access, which begins at subindex 0 or 1' : '';
    const text = `${index}:${subindex} is no CoE index and subindex${limit}`;
    throw new IocError('twincat/coe-place', text);
  }
  return index * 0x1_0000 + (complete ? COMPLETE_ACCESS : 0) + subindex;
}

/** SDO upload. The answer has the object's own length for texts, else fails when that is not `length`. */
export function readCoe(
  client: AdsClient,
  target: AmsAddress,
  place: CoePlace,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const range = { group: COE_GROUP, offset: coeOffset(place), length };
  return readBytes(client, target, range, signal);
}

/** SDO download of exactly the object's bytes. Rejects with the SDO abort code as AdsError. */
export function writeCoe(
  client: AdsClient,
  target: AmsAddress,
  place: CoePlace,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  return writeBytes(client, target, { group: COE_GROUP, offset: coeOffset(place) }, bytes, signal);
}

/**
 * SDO upload of a value: texts may be shorter than their type, anything else must be as long as it.
 * Throws `twincat/coe-length` for an answer that is too short.
 */
export async function readCoeValue(
  client: AdsClient,
  target: AmsAddress,
  place: TypedCoePlace,
  signal?: AbortSignal,
): Promise<Value> {
  const { datatype } = place;
  const length = byteLength(datatype);
  const bytes = await readCoe(client, target, place, length, signal);
  if (datatype.kind === 'string' || bytes.length >= length) return decodeValue(datatype, bytes);
  throw new IocError(
    'twincat/coe-length',
    `CoE ${coeName(place)} of ${formatAddress(target)} has ${bytes.length} bytes where ${length} were expected: is its type right?`,
  );
}

/** SDO download of a value. Rejects with the SDO abort code as AdsError. */
export function writeCoeValue(
  client: AdsClient,
  target: AmsAddress,
  place: TypedCoePlace,
  value: Value,
  signal?: AbortSignal,
): Promise<void> {
  return writeCoe(client, target, place, encodeValue(place.datatype, value), signal);
}

/** `8010:12` */
function coeName({ index, subindex }: CoePlace): string {
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
  return `${hex(index, 4)}:${hex(subindex, 2)}`;
}

function within(n: number, max: number): boolean {
  return Number.isInteger(n) && n >= 0 && n <= max;
}
