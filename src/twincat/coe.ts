import { type AdsClient, type AmsAddress, readBytes, writeBytes } from '../ads/index.ts';
import { IocError } from '../kernel/index.ts';

/** Index group of the CoE mailbox of a slave or a master (facts/ads.md section 6). */
export const COE_GROUP = 0xf302;

/** An entry of an object dictionary: `1018:01`. */
export type CoePlace = { readonly index: number; readonly subindex: number };

/** Index offset of a CoE entry. Throws `twincat/coe-place` outside of 0-FFFF and 0-FF. */
export function coeOffset({ index, subindex }: CoePlace): number {
  if (!(within(index, 0xffff) && within(subindex, 0xff))) {
    throw new IocError('twincat/coe-place', `${index}:${subindex} is no CoE index and subindex`);
  }
  return index * 0x1_0000 + subindex;
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

function within(n: number, max: number): boolean {
  return Number.isInteger(n) && n >= 0 && n <= max;
}
