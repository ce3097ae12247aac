import { concatMap, groupBy, lastValueFrom, mergeMap, type Observable } from 'rxjs';
import { AdsError } from '../ads/index.ts';
import { IocError, messageOf } from '../kernel/index.ts';
import { type Datatype, encodeValue, type Slot, type Value } from '../model/index.ts';
import type { PutOutcome, PutRequest, PvValue } from '../records/index.ts';
import type { PlantRequest, Region, WriteTarget } from '../twincat/index.ts';
import type { PipelineCounters } from './counters.ts';
import type { Link } from './link.ts';
import { readInto, readOnce } from './poll.ts';
import type { PlantWriter } from './writer.ts';

/** Where the puts of a setpoint go. */
export type Output =
  | {
      readonly kind: 'write';
      readonly datatype: Datatype;
      readonly write: WriteTarget;
      /** What must be read again after a write, because no notification will tell. */
      readonly readBack?: Region;
      /** Key of the slave that it belongs to. */
      readonly slave?: string;
    }
  | { readonly kind: 'command'; readonly datatype: Datatype; readonly request: PlantRequest };

/** A live link with the outputs that it serves. */
export interface Outlet {
  readonly link: Link;
  readonly outputs: ReadonlyMap<Slot, Output>;
  readonly writer: PlantWriter;
  readonly counters: PipelineCounters;
  /** Why a slave, or everything, must not be written to now. */
  refusal(slave: string | undefined): string | undefined;
  /** The plant turned out to be another one than is known: nothing more is written to it. */
  distrust(why: string): void;
  /** Looks at the plant again; resolves when what was found is served. */
  rescan(): Promise<void>;
  /** The plant took a client's wish: what it said before is no news to this setpoint. */
  took(setpoint: Slot): void;
}

/**
 * Writes puts to the plant whose outlet `outletOf` tells, undefined while it is away: in order per
 * setpoint, side by side between setpoints. How many are in flight is bounded by the ADS client, how
 * many wait by their records. Emits after each settled put.
 */
export function sendPuts(
  puts$: Observable<PutRequest>,
  outletOf: (slot: Slot) => Outlet | undefined,
): Observable<void> {
  return puts$.pipe(
    groupBy(({ slot }) => slot),
    mergeMap((put$) => put$.pipe(concatMap((put) => send(put, outletOf(put.slot))))),
  );
}

async function send(
  { slot, value, settle }: PutRequest,
  outlet: Outlet | undefined,
): Promise<void> {
  const output = outlet?.outputs.get(slot);
  if (!outlet || !output) {
    const text = outlet ? 'the plant has this no more' : 'the plant is not connected';
    settle({ kind: 'refused', reason: 'away', text });
    return;
  }
  const text = outlet.refusal(output.kind === 'write' ? output.slave : undefined);
  if (text !== undefined && !isRescan(output)) {
    settle({ kind: 'refused', reason: 'away', text });
    return;
  }
  outlet.counters.puts++;
  const outcome = await attempted(outlet, output, value);
  if (outcome.kind === 'done') outlet.took(slot);
  else outlet.counters.putsFailed++;
  settle(outcome);
}

/** Does what a put asks for, and says how it went. */
async function attempted(outlet: Outlet, output: Output, value: PvValue): Promise<PutOutcome> {
  try {
    return output.kind === 'write'
      ? await written(outlet, output, value)
      : await obeyed(outlet, output, value);
  } catch (error) {
    const text = messageOf(error);
    outlet.link.log.warn(text);
    if (error instanceof IocError && error.code === 'pipeline/stale') {
      outlet.distrust(text);
      return { kind: 'refused', reason: 'busy', text };
    }
    return error instanceof AdsError
      ? { kind: 'failed', text, code: error.adsCode }
      : { kind: 'failed', text };
  }
}

/** Writes, and reads back what no notification will tell: after a failure too, which may be a half one. */
async function written(
  { link, writer, counters }: Outlet,
  { datatype, write, readBack }: Extract<Output, { kind: 'write' }>,
  value: PvValue,
): Promise<PutOutcome> {
  const bytes = bytesOf(value, datatype, write);
  if (typeof bytes === 'string') return { kind: 'failed', text: bytes };
  try {
    await writer.write(write, bytes);
  } finally {
    if (readBack && !link.signal.aborted) {
      const read$ = readInto(link, readBack, counters, { via: link.client.urgent });
      await lastValueFrom(read$, { defaultValue: undefined });
    }
  }
  return { kind: 'done' };
}

/** Carries out a command; 0 asks for nothing. */
async function obeyed(
  outlet: Outlet,
  { datatype, request }: Extract<Output, { kind: 'command' }>,
  value: PvValue,
): Promise<PutOutcome> {
  if (value === 0 || value === 0n || value === '') return { kind: 'done' };
  switch (request.kind) {
    case 'write':
      await outlet.writer.write(request.write, request.bytes);
      break;
    case 'write-value': {
      const bytes = bytesOf(value, datatype, request.write);
      if (typeof bytes === 'string') return { kind: 'failed', text: bytes };
      await outlet.writer.write(request.write, bytes).catch((error: unknown) => {
        const { otherwise } = request;
        if (!otherwise || !isRefused(error)) throw error;
        return outlet.writer.write(otherwise, bytes);
      });
      break;
    }
    case 'rescan':
      await outlet.rescan();
      break;
    case 'refresh': {
      const read$ = readOnce(outlet.link, request.regions, outlet.counters);
      await lastValueFrom(read$, { defaultValue: undefined });
    }
  }
  return { kind: 'done' };
}

function isRefused(error: unknown): boolean {
  return error instanceof AdsError && error.code === 'ads/refused';
}

/** The bytes of a value for the plant, or why it has none. */
function bytesOf(value: PvValue, datatype: Datatype, { length }: WriteTarget): Uint8Array | string {
  const bytes = isRaw(value) ? encodeValue(datatype, value) : new Uint8Array(0);
  if (bytes.length === length) return bytes;
  return `the plant takes ${length} bytes here, the value has ${bytes.length}`;
}

function isRescan(output: Output): boolean {
  return output.kind === 'command' && output.request.kind === 'rescan';
}

/** Rows of texts have no place in a plant. */
function isRaw(value: PvValue): value is Value {
  return typeof value !== 'object' || ArrayBuffer.isView(value);
}
