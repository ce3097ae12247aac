import { formatAddress, IndexGroup } from '../ads/index.ts';
import type { Region } from '../twincat/index.ts';
import { Feed, type FeedMember } from './feed.ts';
import type { NotificationPlan } from './notification-plan.ts';
import type { PlantMemory } from './plant-memory.ts';

/** How regions are put together into blocks that one notification brings. */
export interface Grouping {
  /** One notification per region when false; true unless told. */
  readonly group?: boolean;
  /** Most bytes between two regions of a block that belong to neither; 16 unless told. */
  readonly maxGap?: number;
  /** Most bytes of a block of several regions; 1024 unless told. */
  readonly maxBytes?: number;
}

/** A feed that is to be asked for, and how. */
export interface WantedFeed {
  readonly feed: Feed;
  readonly plan: NotificationPlan;
}

/** A region as bytes of its memory; `bit` for one that is a single bit. */
type Lying = {
  readonly region: Region;
  readonly plan: NotificationPlan;
  /** Regions of equal keys may share a notification. */
  readonly key: string;
  readonly group: number;
  readonly byte: number;
  readonly length: number;
  readonly bit?: number;
};

/**
 * The feeds that bring some regions: regions that lie near each other and want the same are brought
 * by one, so that a plant needs few notification handles: a router has some 550 per port
 * (facts/ads-clients.md section 1). Bits are taken from their bytes, which are the same memory
 * (facts/ads.md section 7).
 */
export function feedsOf(
  regions: readonly Region[],
  memory: PlantMemory,
  plan: NotificationPlan,
): WantedFeed[] {
  if (plan.group === false) return regions.map((each) => aloneIn(each, memory, plan));
  const lying = regions.map((region) => lyingOf(region, memory.planOf(region) ?? plan));
  lying.sort((a, b) => compare(a.key, b.key) || a.byte - b.byte);
  return runsOf(lying, plan).map((run) => feedOf(run, memory));
}

/** A feed of its own for a region. */
export function aloneIn(region: Region, memory: PlantMemory, plan: NotificationPlan): WantedFeed {
  const member = { region, block: memory.blockOf(region), byte: 0 };
  return { feed: new Feed(region, [member]), plan: memory.planOf(region) ?? plan };
}

/** Cuts sorted regions where they are too far apart, too many, or want something else. */
function runsOf(lying: readonly Lying[], { maxGap = 16, maxBytes = 1024 }: Grouping): Lying[][] {
  const runs: Lying[][] = [];
  let end = 0;
  for (const each of lying) {
    const run = runs.at(-1);
    const first = run?.[0];
    const reach = Math.max(end, each.byte + each.length);
    const fits =
      first?.key === each.key && each.byte - end <= maxGap && reach - first.byte <= maxBytes;
    if (run && fits) run.push(each);
    else runs.push([each]);
    end = fits ? reach : each.byte + each.length;
  }
  return runs;
}

function feedOf(run: readonly Lying[], memory: PlantMemory): WantedFeed {
  const [first] = run as readonly [Lying, ...Lying[]];
  if (run.length === 1) return aloneIn(first.region, memory, first.plan);
  const length = Math.max(...run.map(({ byte, length }) => byte + length)) - first.byte;
  const place = { target: first.region.target, group: first.group, offset: first.byte, length };
  const members = run.map(
    ({ region, byte, bit }): FeedMember => ({
      region,
      block: memory.blockOf(region),
      byte: byte - first.byte,
      bit,
    }),
  );
  return { feed: new Feed(place, members), plan: first.plan };
}

function lyingOf(region: Region, plan: NotificationPlan): Lying {
  const { target, group, offset, length } = region;
  const isBits = group === IndexGroup.inputBits || group === IndexGroup.outputBits;
  const bytes = isBits ? group - 1 : group;
  const wish = `${plan.mode} ${plan.cycle} ${plan.maxDelay}`;
  const key = `${formatAddress(target)} ${bytes} ${wish}`;
  if (!isBits) return { region, plan, key, group, byte: offset, length };
  const at = { region, plan, group: bytes, byte: offset >>> 3, length };
  if (length === 1) return { ...at, key, bit: offset & 7 };
  // Bytes that begin within a byte cannot be cut from a block: they stay alone.
  return (offset & 7) === 0 ? { ...at, key } : { ...at, key: `${key} ${offset}` };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
