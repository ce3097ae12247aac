import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import type { PutRequest } from '../put.ts';
import type { RecordField } from '../record-field.ts';
import type { ServerStates } from '../server-states.ts';
import type { Watchers } from '../watchers.ts';

/** What the engine needs of the table whose records it processes. */
export interface EngineHost {
  readonly columns: Columns;
  readonly watchers: Watchers;
  readonly states: ServerStates;
  slotOf(name: string): Slot | undefined;
  infos(slot: Slot): ReadonlyMap<string, string>;
  field(slot: Slot, name: string): RecordField | undefined;
  /** Takes what a setpoint of the plant sends. */
  send(request: PutRequest): void;
  /** The ASG of a record was changed. */
  regrouped(slot: Slot): void;
  /** Publishes the open batch: a record in it is about to post again. */
  publishNow(): void;
  /** Something will have been posted when this turn is over. */
  posted(): void;
}
