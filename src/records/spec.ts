import type { Datatype, Place, Scale } from '../model/index.ts';
import type { FieldValue } from './columns.ts';
import type { PvValue } from './put.ts';
import type { RecordTypeName } from './record-type.ts';

/** A record to be made. */
export interface RecordSpec {
  /** At most 500 characters, no dot. */
  readonly name: string;
  readonly type: RecordTypeName;
  /**
   * `input`: the plant feeds it and clients cannot write VAL. `setpoint`: what clients write goes
   * to the plant. `soft`: neither; the value is the clients'.
   */
  readonly role: 'input' | 'setpoint' | 'soft';
  /** Where an input's value lies in the process image; without one it comes by `adopt`. */
  readonly place?: Place;
  /** What the plant stores for a setpoint: whether raw values are whole. */
  readonly datatype?: Datatype;
  /** Scale of a waveform's elements, which has no fields for it. */
  readonly scale?: Scale;
  /** Fields that differ from their initial value, by name. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly initial?: PvValue;
}
