import {
  type AmsAddress,
  type AmsPort,
  formatAddress,
  type NotificationSink,
  scanNotifications,
} from '../ads/index.ts';
import type { Clock } from '../kernel/index.ts';
import { type Block, type ProcessImage, Quality } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { EarlySample } from './early-samples.ts';
import { Feed } from './feed.ts';
import { bothOf, type NotificationPlan } from './notification-plan.ts';
import { Notifier } from './notifier.ts';
import { PlantTime } from './plant-time.ts';
import { RegionTable } from './region-table.ts';

/**
 * The process image with the plant's addresses on it: which region is which block, and which
 * notification handle feeds it. Regions keep their blocks from session to session.
 */
export class PlantMemory implements NotificationSink {
  readonly image: ProcessImage;
  readonly time: PlantTime;
  /** Samples taken into the image; one of a block counts once. */
  samples = 0;
  /** Blocks that were refused and asked for region by region; handles heard of and not ours. */
  refusedBlocks = 0;
  strayHandles = 0;
  /** Notifications that say that their variable is gone. */
  vanished = 0;
  readonly #clock: Clock;
  readonly #blocks = new RegionTable<Block>();
  readonly #plans = new Map<Block, NotificationPlan>();
  readonly #notifiers = new Map<string, Notifier>();
  readonly #feeds = new Map<Block, Feed>();
  readonly #readAt = new Map<Block, number>();
  #from: Notifier | undefined;
  #fromAddress: AmsAddress | undefined;
  #tick: number;

  constructor(image: ProcessImage, clock: Clock, timeTolerance?: number) {
    this.image = image;
    this.#clock = clock;
    this.time = new PlantTime(clock, timeTolerance);
    this.#tick = clock.monotonic();
  }

  /** Samples of handles that nobody knew and for which there was no room. */
  get lost(): number {
    return this.notifiers.reduce((sum, { early }) => sum + early.dropped, 0);
  }

  /** The servers that notify, or did. */
  get notifiers(): readonly Notifier[] {
    return [...this.#notifiers.values()];
  }

  /** Notifications that feed the image. */
  get handles(): number {
    return this.notifiers.reduce((sum, { size }) => sum + size, 0);
  }

  /** Looks at the clocks; to be called for each batch. */
  look(): void {
    this.time.look();
    this.#tick = this.#clock.monotonic();
  }

  /** The block of a region; equal regions share one. */
  blockOf(region: Region): Block {
    const known = this.#blocks.get(region);
    if (known !== undefined) return known;
    const block = this.image.addBlock(region.length);
    this.#blocks.set(region, block);
    return block;
  }

  /** What a value of a region wants of its notification; with others it gets the most demanding. */
  demand(region: Region, plan: NotificationPlan): void {
    const block = this.blockOf(region);
    const known = this.#plans.get(block);
    this.#plans.set(block, known ? bothOf(known, plan) : plan);
  }

  /** What the values of a region want; undefined when they said nothing. */
  planOf(region: Region): NotificationPlan | undefined {
    return this.#plans.get(this.blockOf(region));
  }

  /** Routes a handle of a server to one block. */
  route(handle: number, block: Block, target: AmsAddress): void {
    const length = this.image.blockLength(block);
    const region = { target, group: 0, offset: 0, length, update: 'notify' } as const;
    this.routeFeed(handle, new Feed(region, [{ region, block, byte: 0 }]));
  }

  /** Routes a handle to a feed, from now on and for the sample that came before. */
  routeFeed(handle: number, feed: Feed): void {
    const notifier = this.#notifierOf(feed.target);
    notifier.route(handle, feed);
    feed.heardAt = this.#clock.monotonic();
    for (const { block } of feed.members) this.#feeds.set(block, feed);
    const sample = notifier.early.take(handle);
    if (sample?.bytes.length === feed.length) this.#takeEarly(feed, sample);
  }

  /** A handle means nothing any more. */
  unroute(handle: number, target: AmsAddress): void {
    this.#notifierOf(target).unroute(handle);
  }

  /** So many more requests that may bring handles are under way. */
  expectHandles(target: AmsAddress, more: number): void {
    this.#notifierOf(target).expected += more;
  }

  /** Forgets all handles, which die with their connection; or those of servers at some ports. */
  forgetHandles(ports?: ReadonlySet<AmsPort>): void {
    const isOf = ({ port }: AmsAddress) => ports === undefined || ports.has(port);
    for (const notifier of this.#notifiers.values()) if (isOf(notifier.address)) notifier.clear();
    for (const [block, { target }] of this.#feeds) if (isOf(target)) this.#feeds.delete(block);
  }

  /** Takes the samples of one notification frame (the payload of ADS command 8) of a server. */
  applyFrame(payload: Uint8Array, source: AmsAddress): void {
    if (source !== this.#fromAddress) {
      this.#from = this.#notifierOf(source);
      this.#fromAddress = source;
    }
    scanNotifications(payload, this);
  }

  // hot path
  stamp(low: number, high: number): void {
    this.time.stamp(low, high);
  }

  // hot path
  sample(handle: number, bytes: Uint8Array, at: number, length: number): void {
    const feed = this.#from!.feedOf(handle);
    const { seconds, nanoseconds } = this.time;
    if (feed === undefined) {
      const since = this.#tick;
      const copy = bytes.slice(at, at + length);
      this.#from!.early.keep(handle, { bytes: copy, seconds, nanoseconds, since });
    } else if (length === feed.length) {
      this.samples++;
      feed.heardAt = this.#tick;
      feed.take(this.image, bytes, at, seconds, nanoseconds);
    } else this.#misfit(length);
  }

  /** Takes the answer to a read; it has no plant time, so it gets the IOC's. */
  applyRead(region: Region, bytes: Uint8Array): void {
    const whole = region.mayBeShort === true ? padded(bytes, region.length) : bytes;
    const block = this.blockOf(region);
    const [seconds, nanoseconds] = this.now();
    this.#readAt.set(block, this.#clock.monotonic());
    this.image.apply(block, whole, 0, whole.length, seconds, nanoseconds);
  }

  /** Takes what was read of a block; it has no plant time, so it gets the IOC's. */
  applyBytes(block: Block, bytes: Uint8Array): void {
    this.#readAt.set(block, this.#clock.monotonic());
    this.image.apply(block, bytes, 0, bytes.length, ...this.now());
  }

  /** What notifies of a region. */
  feedOf(region: Region): Feed | undefined {
    return this.#feeds.get(this.blockOf(region));
  }

  /** A read has brought a region's bytes, from `at` on: as the image holds them, they are not old. */
  confirm(region: Region, bytes: Uint8Array, at: number): void {
    const block = this.blockOf(region);
    if (this.image.differs(block, bytes, at)) return;
    this.#readAt.set(block, this.#clock.monotonic());
    if (!this.image.has(block, Quality.late)) return;
    this.image.apply(block, bytes, at, region.length, ...this.now());
  }

  /** Monotonic milliseconds at which something was heard of a block; 0 for never. */
  heardAt(block: Block): number {
    return Math.max(this.#feeds.get(block)?.heardAt ?? 0, this.#readAt.get(block) ?? 0);
  }

  /** Marks what a region holds as not known well, now; tells whether that is news. */
  degrade(region: Region, quality: Quality): boolean {
    const [seconds, nanoseconds] = this.now();
    const before = this.image.dirtyCount;
    this.image.degradeBlock(this.blockOf(region), quality, seconds, nanoseconds);
    return this.image.dirtyCount > before;
  }

  /** The IOC's time as EPICS seconds and nanoseconds. */
  now(): readonly [seconds: number, nanoseconds: number] {
    return this.time.now();
  }

  #notifierOf(address: AmsAddress): Notifier {
    const key = formatAddress(address);
    const known = this.#notifiers.get(key);
    if (known) return known;
    const notifier = new Notifier(address);
    this.#notifiers.set(key, notifier);
    return notifier;
  }

  /**
   * A notification with 0 bytes says that its variable is gone (facts/ads.md section 8): symbols
   * moved, and the values stand until the plant was looked at again.
   */
  #misfit(length: number): void {
    if (length > 0) this.image.wrongSize++;
    else this.vanished++;
  }

  /** Gives an early sample to the members that have nothing newer from another notification. */
  #takeEarly(feed: Feed, { bytes, seconds, nanoseconds }: EarlySample): void {
    const { image } = this;
    this.samples++;
    const behind = feed.members.filter(({ block }) => {
      const slot = image.slotIn(block);
      const isKnown = slot !== undefined && image.quality[slot] === Quality.good;
      return !isKnown || !image.isLater(block, seconds, nanoseconds);
    });
    new Feed(feed, behind).take(image, bytes, 0, seconds, nanoseconds);
  }
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes;
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
}
