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
  #blocks = new Uint32Array(0);
  #bytes = new Uint32Array(0);
  #lengths = new Uint32Array(0);
  /** WHOLE for whole bytes. */
  #bits = new Uint8Array(0);

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

  /** Serves a region no more; tells whether it was the last. */
  drop(region: Region): boolean {
    this.#setMembers(this.#members.filter((member) => member.region !== region));
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
    const blocks = this.#blocks;
    for (let i = 0; i < blocks.length; i++) {
      const from = at + this.#bytes[i]!;
      const bit = this.#bits[i]!;
      if (bit === WHOLE) {
        image.apply(blocks[i]!, bytes, from, this.#lengths[i]!, seconds, nanoseconds);
      } else {
        oneBit[0] = (bytes[from]! >>> bit) & 1;
        image.apply(blocks[i]!, oneBit, 0, 1, seconds, nanoseconds);
      }
    }
  }

  #setMembers(members: readonly FeedMember[]): void {
    this.#members = members;
    this.#blocks = Uint32Array.from(members, ({ block }) => block);
    this.#bytes = Uint32Array.from(members, ({ byte }) => byte);
    this.#lengths = Uint32Array.from(members, ({ region }) => region.length);
    this.#bits = Uint8Array.from(members, ({ bit = WHOLE }) => bit);
  }
}

const WHOLE = 0xff;
const oneBit = new Uint8Array(1);
