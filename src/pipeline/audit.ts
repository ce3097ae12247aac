import { catchError, concatMap, EMPTY, exhaustMap, from, type Observable, timer } from 'rxjs';
import { IndexGroup, readBytes } from '../ads/index.ts';
import { sleep } from '../kernel/index.ts';
import type { Region } from '../twincat/index.ts';
import { concernsOneRequest } from './diagnosis.ts';
import type { Session } from './session.ts';

/** Most bytes of one read, and most bytes between two regions that are read with them. */
const SPAN_BYTES = 16 * 1024;
const GAP_BYTES = 64;
/** Milliseconds beside cycle and delay that a sample may take to come. */
const GRACE_MS = 100;

/** A region and where its bytes lie in a read of several. */
type Part = { readonly region: Region; readonly at: number };
type Span = { readonly region: Region; readonly parts: Part[]; length: number };

/**
 * Finds notifications that died silently. A value that changed between two reads must have been
 * notified; where no sample came within a grace time after the second, only that one is asked for
 * anew. Reads whole stretches of memory, so a plant costs few requests.
 */
export function audited(session: Session, regions: readonly Region[]): Observable<unknown> {
  const { supervision } = session.plant.options;
  if (supervision.audit === 0) return EMPTY;
  const audits = spansOf(regions).map((span) => new Audit(session, span));
  const period = supervision.audit * 1000;
  return timer(period, period).pipe(
    exhaustMap(() =>
      from(audits).pipe(
        concatMap((audit) => from(audit.silent()).pipe(catchError(noneIfOne))),
        concatMap((silent) => {
          if (silent.length === 0) return EMPTY;
          session.plant.counters.notificationsLost += silent.length;
          session.link.log.warn(
            `${silent.length} notifications died silently; they are asked for again`,
          );
          return session.intent.renew(silent);
        }),
      ),
    ),
  );
}

/** The audit of one stretch of memory. */
class Audit {
  readonly #session: Session;
  readonly #span: Span;
  #bytes: Uint8Array | undefined;
  #times: readonly (string | undefined)[] = [];

  constructor(session: Session, span: Span) {
    this.#session = session;
    this.#span = span;
  }

  /** The regions whose values change without a sample. */
  async silent(): Promise<readonly Region[]> {
    const { link, plant } = this.#session;
    const { region } = this.#span;
    const before = this.#bytes;
    const times = this.#times;
    this.#times = this.#span.parts.map((part) => this.#timeOf(part.region));
    const bytes = await readBytes(link.client, region.target, region, link.signal);
    this.#bytes = bytes;
    if (before === undefined || bytes.length !== region.length) return [];
    const changed = this.#span.parts.filter((part, i) => {
      const isQuiet = times[i] !== undefined && this.#timeOf(part.region) === times[i];
      return isQuiet && differ(before, bytes, part);
    });
    if (changed.length === 0) return [];
    const { cycle, maxDelay } = plant.options.notifications;
    await sleep((2 * cycle + maxDelay) * 1000 + GRACE_MS, link.signal, plant.options.clock);
    return changed
      .map((part) => part.region)
      .filter((each) => this.#timeOf(each) === times[this.#indexOf(each)]);
  }

  #indexOf(region: Region): number {
    return this.#span.parts.findIndex((part) => part.region === region);
  }

  /** The time of the newest sample; undefined when no record is fed by the region. */
  #timeOf(region: Region): string | undefined {
    const { image, memory } = this.#session.plant;
    const slot = image.slotIn(memory.blockOf(region));
    return slot === undefined ? undefined : `${image.seconds[slot]}.${image.nanoseconds[slot]}`;
  }
}

/** Regions that lie near each other, as stretches to be read at once; bits by their bytes. */
function spansOf(regions: readonly Region[]): Span[] {
  const byteRegions = regions.map((region) => ({ region, in: inBytes(region) }));
  const sorted = byteRegions.sort((a, b) => a.in.group - b.in.group || a.in.offset - b.in.offset);
  const spans: Span[] = [];
  for (const { region, in: bytes } of sorted) {
    const last = spans.at(-1);
    const at = last ? bytes.offset - last.region.offset : 0;
    const isNear =
      last !== undefined &&
      last.region.group === bytes.group &&
      last.region.target.port === region.target.port &&
      last.region.target.netId === region.target.netId &&
      at <= last.length + GAP_BYTES &&
      at + bytes.length <= SPAN_BYTES;
    if (last && isNear) {
      last.parts.push({ region, at });
      last.length = Math.max(last.length, at + bytes.length);
    } else {
      spans.push({ region: bytes, parts: [{ region, at: 0 }], length: bytes.length });
    }
  }
  return spans.map((span) => ({ ...span, region: { ...span.region, length: span.length } }));
}

/** The bytes around a bit, in the byte-addressed group of the same memory. */
function inBytes(region: Region): Region {
  const { group, offset } = region;
  const isBits = group === IndexGroup.inputBits || group === IndexGroup.outputBits;
  return isBits ? { ...region, group: group - 1, offset: offset >> 3, length: 1 } : region;
}

function differ(a: Uint8Array, b: Uint8Array, { region, at }: Part): boolean {
  const { group, offset } = region;
  if (group !== inBytes(region).group) {
    const mask = 1 << (offset & 7);
    return ((a[at] ?? 0) & mask) !== ((b[at] ?? 0) & mask);
  }
  for (let i = at; i < at + region.length; i++) if (a[i] !== b[i]) return true;
  return false;
}

function noneIfOne(error: unknown): Observable<readonly Region[]> {
  if (!concernsOneRequest(error)) throw error;
  return EMPTY;
}
