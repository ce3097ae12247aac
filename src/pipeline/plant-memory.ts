import { type NotificationSink, scanNotifications } from '../ads/index.ts';
import { type Clock, epicsNanoseconds, epicsSeconds, filetimeOf } from '../kernel/index.ts';
import { type Block, type ProcessImage, Quality } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import { EarlySamples } from './early-samples.ts';
import { HandleTable, UNKNOWN } from './handle-table.ts';

/**
 * The process image with the plant's addresses on it: which region is which block, and which
 * notification handle feeds it. Regions keep their blocks from session to session.
 */
export class PlantMemory implements NotificationSink {
  readonly image: ProcessImage;
  /** Samples taken into the image. */
  samples = 0;
  readonly #clock: Clock;
  readonly #blocks = new Map<string, Block>();
  readonly #handles = new HandleTable();
  readonly #early = new EarlySamples();
  #seconds = 0;
  #nanoseconds = 0;

  constructor(image: ProcessImage, clock: Clock) {
    this.image = image;
    this.#clock = clock;
  }

  /** Samples of handles that nobody knew and for which there was no room. */
  get lost(): number {
    return this.#early.dropped;
  }

  /** The block of a region; equal regions share one. */
  blockOf(region: Region): Block {
    const { target, group, offset, length } = region;
    const key = `${target.netId}:${target.port} ${group} ${offset} ${length}`;
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const block = this.image.addBlock(length);
    this.#blocks.set(key, block);
    return block;
  }

  /** Routes a notification handle to a block, from now on and for the sample that came before. */
  route(handle: number, block: Block): void {
    this.#handles.set(handle, block);
    this.#early.release(handle, block, this.image);
  }

  /** Forgets all handles: they die with their connection. */
  forgetHandles(): void {
    this.#handles.clear();
    this.#early.clear();
  }

  /** Takes the samples of one notification frame (the payload of ADS command 8). */
  applyFrame(payload: Uint8Array): void {
    scanNotifications(payload, this);
  }

  // hot path
  stamp(low: number, high: number): void {
    this.#seconds = epicsSeconds(low, high);
    this.#nanoseconds = epicsNanoseconds(low, high);
  }

  // hot path
  sample(handle: number, bytes: Uint8Array, at: number, length: number): void {
    const block = this.#handles.get(handle);
    if (block === UNKNOWN) {
      this.#early.keep(handle, bytes.subarray(at, at + length), this.#seconds, this.#nanoseconds);
      return;
    }
    this.samples++;
    this.image.apply(block, bytes, at, length, this.#seconds, this.#nanoseconds);
  }

  /** Takes the answer to a read; it has no plant time, so it gets the IOC's. */
  applyRead(region: Region, bytes: Uint8Array): void {
    this.#now();
    const whole = region.mayBeShort === true ? padded(bytes, region.length) : bytes;
    const block = this.blockOf(region);
    this.image.apply(block, whole, 0, whole.length, this.#seconds, this.#nanoseconds);
  }

  /** Marks what a region holds as not known well, now; tells whether that is news. */
  degrade(region: Region, quality: Quality): boolean {
    this.#now();
    const before = this.image.dirtyCount;
    this.image.degradeBlock(this.blockOf(region), quality, this.#seconds, this.#nanoseconds);
    return this.image.dirtyCount > before;
  }

  /** The plant is away: every value stands as it was last, and says so. */
  degradeAll(): void {
    this.#now();
    for (let slot = 0; slot < this.image.slotCount; slot++) {
      this.image.degrade(slot, Quality.away, this.#seconds, this.#nanoseconds);
    }
  }

  /** The IOC's time as EPICS seconds and nanoseconds. */
  now(): readonly [seconds: number, nanoseconds: number] {
    this.#now();
    return [this.#seconds, this.#nanoseconds];
  }

  #now(): void {
    const { low, high } = filetimeOf(this.#clock.now());
    this.stamp(low, high);
  }
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes;
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
}
