import { encoded, MalformedFrame, Reader } from '../../kernel/index.ts';
import { exchangeBytes } from '../access.ts';
import { AdsError, AdsErrorCode } from '../ads-error.ts';
import { type AmsAddress, formatAddress } from '../ams.ts';
import type { AdsClient } from '../client.ts';
import type { AdsResult } from '../command.ts';
import type { NotificationRequest } from '../commands/add-notification.ts';
import type { DataAnswer, Place } from '../commands/read.ts';
import type { ReadWriteRequest } from '../commands/read-write.ts';
import type { WriteRequest } from '../commands/write.ts';
import type { SumHandle } from './codecs.ts';
import {
  addForm,
  deleteForm,
  readForm,
  readWriteForm,
  type SumForm,
  sendAlone,
  writeForm,
} from './sum-form.ts';

/** How a sum is cut into requests. */
export type SumLimits = {
  /** Parts of one request; 500 unless told, and at most. */
  readonly maxItems?: number | undefined;
  /** Bytes of one request, and of its answer; 64 KiB unless told. A bigger part goes alone. */
  readonly maxBytes?: number | undefined;
};

/**
 * Reads many places with few requests; results stand in the order of the places, and one part that
 * is refused harms no other. Servers without sum commands are asked part by part, and from then on
 * at once. Rejects, as `client.invoke` does, when a request as a whole fails.
 */
export function sumRead(
  client: AdsClient,
  target: AmsAddress,
  places: readonly Place[],
  limits: SumLimits = {},
  signal?: AbortSignal,
): Promise<DataAnswer[]> {
  return sum(readForm, client, target, places, limits, signal);
}

/** As `sumRead`. Parts are written in order where the server knows sums, else side by side. */
export function sumWrite(
  client: AdsClient,
  target: AmsAddress,
  writes: readonly WriteRequest[],
  limits: SumLimits = {},
  signal?: AbortSignal,
): Promise<AdsResult[]> {
  return sum(writeForm, client, target, writes, limits, signal);
}

/** As `sumRead`. */
export function sumReadWrite(
  client: AdsClient,
  target: AmsAddress,
  requests: readonly ReadWriteRequest[],
  limits: SumLimits = {},
  signal?: AbortSignal,
): Promise<DataAnswer[]> {
  return sum(readWriteForm, client, target, requests, limits, signal);
}

/** As `sumRead`. Samples of a handle may arrive before the handle does. */
export function sumAddNotifications(
  client: AdsClient,
  target: AmsAddress,
  requests: readonly NotificationRequest[],
  limits: SumLimits = {},
  signal?: AbortSignal,
): Promise<SumHandle[]> {
  return sum(addForm, client, target, requests, limits, signal);
}

/** As `sumRead`. */
export function sumDeleteNotifications(
  client: AdsClient,
  target: AmsAddress,
  handles: readonly number[],
  limits: SumLimits = {},
  signal?: AbortSignal,
): Promise<AdsResult[]> {
  const requests = handles.map((handle) => ({ handle }));
  return sum(deleteForm, client, target, requests, limits, signal);
}

const MAX_ITEMS = 500;
const MAX_BYTES = 64 * 1024;
/** Sums under way at once; part by part they must still fit the client's queue. */
const PIPELINED = 8;

/** Per connection: which sum commands (`address group`) a server was found not to know. */
const unknownSums = new WeakMap<AdsClient, Set<string>>();

async function sum<Req, Res extends AdsResult>(
  form: SumForm<Req, Res>,
  client: AdsClient,
  target: AmsAddress,
  requests: readonly Req[],
  limits: SumLimits,
  signal?: AbortSignal,
): Promise<Res[]> {
  const chunks = chunksOf(form, requests, limits);
  const answers: Res[] = [];
  // The first tells whether the server knows the command; the others need not find out again.
  for (let at = 0, width = 1; at < chunks.length; at += width, width = PIPELINED) {
    const pending = chunks
      .slice(at, at + width)
      .map((chunk) => sendChunk(form, client, target, chunk, signal));
    for (const part of await Promise.all(pending)) answers.push(...part);
  }
  return answers;
}

async function sendChunk<Req, Res extends AdsResult>(
  form: SumForm<Req, Res>,
  client: AdsClient,
  target: AmsAddress,
  chunk: readonly Req[],
  signal?: AbortSignal,
): Promise<readonly Res[]> {
  const alone = () =>
    Promise.all(chunk.map((request) => sendAlone(form, client, target, request, signal)));
  const unknown = unknownTo(client);
  const key = `${formatAddress(target)} ${form.group}`;
  if (chunk.length === 1 || unknown.has(key)) return alone();
  try {
    return await sendTogether(form, client, target, chunk, signal);
  } catch (error) {
    if (!(error instanceof AdsError && noSums.has(error.adsCode))) throw error;
    if (error.code !== 'ads/refused') throw error;
    unknown.add(key);
    return alone();
  }
}

const noSums: ReadonlySet<number> = new Set([
  AdsErrorCode.serviceNotSupported,
  AdsErrorCode.invalidGroup,
]);

function unknownTo(client: AdsClient): Set<string> {
  let unknown = unknownSums.get(client);
  if (!unknown) {
    unknown = new Set();
    unknownSums.set(client, unknown);
  }
  return unknown;
}

async function sendTogether<Req, Res extends AdsResult>(
  form: SumForm<Req, Res>,
  client: AdsClient,
  target: AmsAddress,
  chunk: readonly Req[],
  signal?: AbortSignal,
): Promise<readonly Res[]> {
  const length = total(chunk, form.answers);
  const place = { group: form.group, offset: chunk.length, length };
  const bytes = encoded(form.request(chunk.length), chunk);
  const answer = await exchangeBytes(client, target, place, bytes, signal);
  try {
    return form.response(chunk).decode(new Reader(answer));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const what = `Answer to ${form.name} of ${chunk.length} parts on ${formatAddress(target)}`;
    throw new MalformedFrame(what, answer, { cause });
  }
}

function chunksOf<Req, Res extends AdsResult>(
  form: SumForm<Req, Res>,
  requests: readonly Req[],
  { maxItems = MAX_ITEMS, maxBytes = MAX_BYTES }: SumLimits,
): Req[][] {
  const most = Math.max(1, Math.min(maxItems, MAX_ITEMS));
  const chunks: Req[][] = [];
  let asked = 0;
  let answered = 0;
  for (const request of requests) {
    asked += form.asks(request);
    answered += form.answers(request);
    const chunk = chunks.at(-1);
    if (chunk && chunk.length < most && asked <= maxBytes && answered <= maxBytes) {
      chunk.push(request);
    } else {
      chunks.push([request]);
      asked = form.asks(request);
      answered = form.answers(request);
    }
  }
  return chunks;
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
