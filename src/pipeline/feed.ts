import type { AmsAddress } from '../ads/index.ts';
import type { Block, ProcessImage } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';

/** A region within a feed. */
export interface FeedMember {
  readonly region: Region;
  readonly block: Block;
  /** Of its first byte, from the start of the feed. */
  readonly byte: number;
  /** 0 to 7 for a region that is one bit of that byte; undefined for whole bytes. */
  readonly bit?: number | undefined;
}

/** A range of plant memory that one notification brings, whole, for one or more regions in it. */
export class Feed {
  readonly target: AmsAddress;
  readonly group: number;
  readonly offset: number;
  readonly length: number;
  /** Monotonic milliseconds at about which the newest sample came; 0 before the first. */
  heardAt = 0;
  #members: readonly FeedMember[] = [];
  /** The block that gets every sample as it is; NONE when samples are cut. */
  #whole = NONE;
  /** Of each member: block, first byte, length, and bit or WHOLE. One array, for the cache's sake. */
  #cuts = new Uint32Array(0);

  constructor(
    place: Pick<Region, 'target' | 'group' | 'offset' | 'length'>,
    members: readonly FeedMember[],
  ) {
    this.target = place.target;
    this.group = place.group;
    this.offset = place.offset;
    this.length = place.length;
    this.#setMembers(members);
  }

  get members(): readonly FeedMember[] {
    return this.#members;
  }

  /** Serves regions no more; tells whether they were the last. */
  drop(regions: ReadonlySet<Region>): boolean {
    this.#setMembers(this.#members.filter(({ region }) => !regions.has(region)));
    return this.#members.length === 0;
  }

  // hot path
  /** Gives each member its bytes of one sample. */
  take(
    image: ProcessImage,
    bytes: Uint8Array,
    at: number,
    seconds: number,
    nanoseconds: number,
  ): void {
    if (this.#whole !== NONE) {
      image.apply(this.#whole, bytes, at, this.length, seconds, nanoseconds);
      return;
    }
    const cuts = this.#cuts;
    for (let i = 0; i < cuts.length; i += 4) {
      const block = cuts[i]!;
      const from = at + cuts[i + 1]!;
      const bit = cuts[i + 3]!;
      if (bit === WHOLE) {
        image.apply(block, bytes, from, cuts[i + 2]!, seconds, nanoseconds);
      } else {
        oneBit[0] = (bytes[from]! >>> bit) & 1;
        image.apply(block, oneBit, 0, 1, seconds, nanoseconds);
      }
    }
  }

  #setMembers(members: readonly FeedMember[]): void {
    this.#members = members;
    const [first] = members;
    const isWhole =
      members.length === 1 &&
      first?.byte === 0 &&
      first.bit === undefined &&
      first.region.length === this.length;
    this.#whole = isWhole ? first.block : NONE;
    this.#cuts = Uint32Array.from(
      members.flatMap(({ block, byte, region, bit = WHOLE }) => [block, byte, region.length, bit]),
    );
  }
}

const NONE = -1;
const WHOLE = 0xff;
const oneBit = new Uint8Array(1);
