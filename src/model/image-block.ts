import type { BlockSamples } from './kept-samples.ts';
import type { Slot } from './process-image.ts';

/** A range of plant memory in the image, and who lives in it. */
export type ImageBlock = {
  readonly at: number;
  readonly length: number;
  /** No slot of the block has a later time. */
  seconds: number;
  nanoseconds: number;
  slots: Slot[];
  /** Those among the slots that take just the newest sample. */
  last: Slot[];
  /** What is done for the others, if any. */
  samples: BlockSamples | undefined;
};

/** Archivers refuse a sample that is not later than the one before: the least step between two. */
export const STEP_NS = 1000;

export function newBlock(at: number, length: number): ImageBlock {
  return { at, length, seconds: 0, nanoseconds: 0, slots: none, last: none, samples: undefined };
}

/** Slots in a list that has no room for more; longer ones grow in place. */
const FEW = 8;

/** A block's list with one slot more. Most blocks of a plant have one, and a million blocks count. */
export function joined(slots: Slot[], slot: Slot): Slot[] {
  // A spread would leave room for sixteen more.
  if (slots.length < FEW) return slots.concat(slot);
  slots.push(slot);
  return slots;
}

/** The list of every block that has no slots yet; nobody writes to it. */
const none: Slot[] = [];

/** Makes a time the block's when it is later. */
export function reach(block: ImageBlock, seconds: number, nanoseconds: number): void {
  if (isBefore(seconds, nanoseconds, block.seconds, block.nanoseconds)) return;
  block.seconds = seconds;
  block.nanoseconds = nanoseconds;
}

export function isBefore(
  seconds: number,
  nanoseconds: number,
  otherSeconds = 0,
  otherNanoseconds = 0,
): boolean {
  return seconds < otherSeconds || (seconds === otherSeconds && nanoseconds < otherNanoseconds);
}
