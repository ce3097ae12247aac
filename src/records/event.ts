import type { Slot } from '../model/index.ts';

/** Event classes of a posting and of a subscription, as mask bits. */
export const EventMask = { value: 1, log: 2, alarm: 4, property: 8 } as const;

/** An event on a field other than VAL. */
export interface FieldEvent {
  readonly slot: Slot;
  readonly field: string;
  /** EventMask bits. */
  readonly mask: number;
}
