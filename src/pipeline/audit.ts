import { catchError, EMPTY, exhaustMap, from, mergeMap, type Observable, timer } from 'rxjs';
import { IndexGroup, readBytes } from '../ads/index.ts';
import { messageOf, sleep } from '../kernel/index.ts';
import { type Block, Quality } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { PlantBinding } from './binding.ts';
import { concernsOneRequest } from './diagnosis.ts';
import type { Plant } from './plant.ts';
import type { PlantMemory } from './plant-memory.ts';
import type { Session } from './session.ts';
import type { Toggle } from './standstill.ts';

/** Most bytes of one read, and most bytes between two regions that are read with them. */
const SPAN_BYTES = 16 * 1024;
const GAP_BYTES = 64;
const AT_ONCE = 8;
/** Milliseconds beside cycle, delay and flush that a sample may take to come. */
const GRACE_MS = 100;

/** A region and where its bytes lie in a read of several. */
type Part = { readonly region: Region; readonly at: number; readonly toggles: readonly Toggle[] };
type Span = { readonly region: Region; readonly parts: Part[]; length: number };

/**
 * Finds notifications that died silently. What a read brings must have been notified: where it is not
 * what the image holds, and no sample comes within a grace time, only that one is asked for anew.
 * Reads whole stretches of memory, so a plant costs few requests.
 */
export function audited(
  session: Session,
  { notified, toggles }: Pick<PlantBinding, 'notified' | 'toggles'>,
): Observable<unknown> {
  const { supervision } = session.plant.options;
  if (supervision.audit === 0) return EMPTY;
  const spans = spansOf(notified, toggles, session.plant.memory);
  const skipped = (error: unknown): Observable<readonly Region[]> => {
    if (!concernsOneRequest(error)) throw error;
    session.plant.warnOnce(`lost notifications are not noticed here: ${messageOf(error)}`);
    return EMPTY;
  };
  const period = supervision.audit * 1000;
  return timer(period, period).pipe(
    exhaustMap(() =>
      from(spans).pipe(
        mergeMap((span) => from(silent(session, span)).pipe(catchError(skipped)), AT_ONCE),
        mergeMap((quiet) => {
          const lost = quiet.filter((region) => session.intent.holds(region));
          if (lost.length === 0) return EMPTY;
          // Regions that are notified with these are as silent, whether they changed or not.
          const { memory, counters } = session.plant;
          const feeds = new Set(lost.flatMap((region) => memory.feedOf(region) ?? []));
          const dead = [...feeds].flatMap(({ members }) => members.map(({ region }) => region));
          counters.notificationsLost += feeds.size;
          session.link.log.warn(
            `${feeds.size} notifications died silently; they are asked for again`,
          );
          return session.intent.renew(dead);
        }),
      ),
    ),
  );
}

/** The regions of a stretch of memory whose values change without a sample. */
async function silent(session: Session, { region, parts }: Span): Promise<readonly Region[]> {
  const { link, plant } = session;
  const times = new Map(parts.map((part) => [part, timeOf(plant, part.region)]));
  const isQuiet = (part: Part) => {
    const time = times.get(part);
    return time !== undefined && timeOf(plant, part.region) === time;
  };
  const bytes = await readBytes(link.client.patient, region.target, region, link.signal);
  if (bytes.length !== region.length) return [];
  if (plant.ages.size > 0) {
    for (const part of parts) plant.memory.confirm(part.region, ...whereOf(part, bytes));
  }
  const suspects = parts.filter((part) => isQuiet(part) && isOther(plant, part, bytes));
  if (suspects.length === 0) return [];
  const waits = suspects.map((part) => {
    const { cycle, maxDelay } = plant.memory.planOf(part.region) ?? plant.options.notifications;
    return 2 * cycle + maxDelay;
  });
  await sleep(Math.max(...waits) * 1000 + GRACE_MS, link.signal, plant.options.clock);
  return suspects.filter(isQuiet).map((part) => part.region);
}

/** The time of the newest sample; undefined when there was none, or no record is fed by the region. */
function timeOf({ image, memory }: Plant, region: Region): number | undefined {
  const block = memory.blockOf(region);
  return image.has(block, Quality.good) ? image.microseconds(block) : undefined;
}

/**
 * Whether the image holds something else than was read. Toggles do not count: one that is notified at
 * every second of its steps never changes, and never is what is read in between.
 */
function isOther({ image, memory }: Plant, part: Part, bytes: Uint8Array): boolean {
  const block = memory.blockOf(part.region);
  const [read, at] = whereOf(part, bytes);
  if (!image.differs(block, read, at)) return false;
  if (part.toggles.length === 0) return true;
  const known = read.slice(at, at + part.region.length);
  for (const { slot, byte, bit, bits } of part.toggles) {
    if (bits > 1) known.set(image.bytes(slot), byte);
    else known[byte] = ((known[byte] ?? 0) & ~(1 << bit)) | (image.number(slot) << bit);
  }
  return image.differs(block, known, 0);
}

/** A region's bytes among those of a stretch; a bit becomes a byte, as it travels alone. */
function whereOf({ region, at }: Part, bytes: Uint8Array): [bytes: Uint8Array, at: number] {
  const { group, offset } = region;
  if (group === inBytes(region).group) return [bytes, at];
  return [Uint8Array.of(((bytes[at] ?? 0) >> (offset & 7)) & 1), 0];
}

/** Regions that lie near each other, as stretches to be read at once; bits by their bytes. */
function spansOf(
  regions: readonly Region[],
  toggles: readonly Toggle[],
  memory: PlantMemory,
): Span[] {
  const togglesIn = new Map<Block, Toggle[]>();
  for (const toggle of toggles) {
    const block = memory.blockOf(toggle.region);
    togglesIn.set(block, [...(togglesIn.get(block) ?? []), toggle]);
  }
  const partOf = (region: Region, at: number): Part => {
    return { region, at, toggles: togglesIn.get(memory.blockOf(region)) ?? [] };
  };
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
      last.parts.push(partOf(region, at));
      last.length = Math.max(last.length, at + bytes.length);
    } else {
      spans.push({ region: bytes, parts: [partOf(region, 0)], length: bytes.length });
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
