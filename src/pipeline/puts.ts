import { concatMap, groupBy, lastValueFrom, mergeMap, type Observable } from 'rxjs';
import { AdsError, writeBytes } from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';
import { type Datatype, encodeValue, type Slot, type Value } from '../model/index.ts';
import type { PutOutcome, PutRequest, PvValue } from '../records/index.ts';
import type { Region, WriteTarget } from '../twincat/index.ts';
import type { PipelineCounters } from './counters.ts';
import type { Link } from './link.ts';
import { readInto } from './poll.ts';

/** Where the puts of a setpoint go. */
export interface Output {
  readonly datatype: Datatype;
  readonly write: WriteTarget;
  /** What must be read again after a write, because no notification will tell. */
  readonly readBack?: Region;
}

/** A live link with the outputs that it serves; undefined while the plant is away. */
export type Outlet = { readonly link: Link; readonly outputs: ReadonlyMap<Slot, Output> };

/**
 * Writes puts to the plant: in order per setpoint, side by side between setpoints. How many are in
 * flight is bounded by the ADS client, how many wait by their records. Emits after each settled put.
 */
export function sendPuts(
  puts$: Observable<PutRequest>,
  outlet: () => Outlet | undefined,
  counters: PipelineCounters,
): Observable<void> {
  return puts$.pipe(
    groupBy(({ slot }) => slot),
    mergeMap((put$) => put$.pipe(concatMap((put) => send(put, outlet(), counters)))),
  );
}

async function send(
  { slot, value, settle }: PutRequest,
  outlet: Outlet | undefined,
  counters: PipelineCounters,
): Promise<void> {
  const output = outlet?.outputs.get(slot);
  if (!outlet || !output) {
    settle({ kind: 'refused', reason: 'away', text: 'the plant is not connected' });
    return;
  }
  counters.puts++;
  const outcome = await written(outlet.link, output, value, counters);
  if (outcome.kind !== 'done') counters.putsFailed++;
  settle(outcome);
}

/** Writes, and reads back what no notification will tell. */
async function written(
  link: Link,
  { datatype, write, readBack }: Output,
  value: PvValue,
  counters: PipelineCounters,
): Promise<PutOutcome> {
  const bytes = isRaw(value) ? encodeValue(datatype, value) : new Uint8Array(0);
  if (bytes.length !== write.length) {
    const text = `the plant takes ${write.length} bytes here, the value has ${bytes.length}`;
    return { kind: 'failed', text };
  }
  try {
    await writeBytes(link.client, write.target, write, bytes, link.signal);
    if (readBack) {
      await lastValueFrom(readInto(link, readBack, counters), { defaultValue: undefined });
    }
    return { kind: 'done' };
  } catch (error) {
    const text = messageOf(error);
    link.log.warn(text);
    return error instanceof AdsError
      ? { kind: 'failed', text, code: error.adsCode }
      : { kind: 'failed', text };
  }
}

/** Rows of texts have no place in a plant. */
function isRaw(value: PvValue): value is Value {
  return typeof value !== 'object' || ArrayBuffer.isView(value);
}
