import { type AdsClient, AdsError, type AmsAddress } from '../ads/index.ts';
import { IocError } from '../kernel/index.ts';
import {
  COE_HEAD_BITS,
  coeLayout,
  coeObjectLength,
  type PlacedSubindex,
  putCoeValue,
  type TypedSubindex,
  takeCoeValue,
  type Value,
} from '../model/index.ts';
import { readCoe, readCoeValue, writeCoe, writeCoeValue } from './coe.ts';

/** A CoE object: its index, and all its subindices from 1 on. */
export type TypedCoeObject = { readonly index: number; readonly entries: readonly TypedSubindex[] };

/** What the subindices of an object hold. */
export type CoeValues = ReadonlyMap<number, Value>;

/**
 * Reads an object: by complete access, in one piece, where the slave can do that and the object is
 * as long as it should be then; else one subindex after the other.
 */
export async function readCoeObject(
  client: AdsClient,
  target: AmsAddress,
  object: TypedCoeObject,
  signal?: AbortSignal,
): Promise<CoeValues> {
  const layout = coeLayout(object.entries);
  const bytes = await wholeObject(client, target, object.index, layout, signal);
  if (bytes) return new Map(layout.map((entry) => [entry.subindex, takeCoeValue(entry, bytes)]));
  const values = new Map<number, Value>();
  for (const { subindex, datatype } of layout) {
    const place = { index: object.index, subindex, datatype };
    values.set(subindex, await readCoeValue(client, target, place, signal));
  }
  return values;
}

/**
 * Writes subindices of an object: by complete access, all at once or none, where it can be read so;
 * what is given no value keeps its own then. Else one subindex after the other, until one is refused.
 * Throws `twincat/coe-entry` for a value of a subindex that the object does not have.
 */
export async function writeCoeObject(
  client: AdsClient,
  target: AmsAddress,
  object: TypedCoeObject,
  values: CoeValues,
  signal?: AbortSignal,
): Promise<void> {
  const layout = coeLayout(object.entries);
  const written = [...values].map(([subindex, value]) => {
    return { entry: entryOf(object, layout, subindex), value };
  });
  const bytes = (await wholeObject(client, target, object.index, layout, signal))?.slice();
  if (bytes) {
    for (const { entry, value } of written) putCoeValue(entry, value, bytes);
    const rest = { index: object.index, subindex: 1, complete: true };
    return writeCoe(client, target, rest, bytes.subarray(COE_HEAD_BITS / 8), signal);
  }
  for (const { entry, value } of written) {
    const place = { index: object.index, subindex: entry.subindex, datatype: entry.datatype };
    await writeCoeValue(client, target, place, value, signal);
  }
}

/** Undefined where the slave does not give it so, or of another length than its layout has. */
async function wholeObject(
  client: AdsClient,
  target: AmsAddress,
  index: number,
  layout: readonly PlacedSubindex[],
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const length = coeObjectLength(layout);
  const place = { index, subindex: 0, complete: true };
  try {
    const bytes = await readCoe(client, target, place, length, signal);
    return bytes.length === length ? bytes : undefined;
  } catch (error) {
    // What else is wrong, the subindices say better.
    if (error instanceof AdsError && error.code === 'ads/refused') return undefined;
    throw error;
  }
}

function entryOf(
  { index }: TypedCoeObject,
  layout: readonly PlacedSubindex[],
  subindex: number,
): PlacedSubindex {
  const found = layout.find((entry) => entry.subindex === subindex);
  if (found) return found;
  const text = `CoE object ${index.toString(16)} is said to have no subindex ${subindex}`;
  throw new IocError('twincat/coe-entry', `${text}: add it to the entries, with its type`);
}
