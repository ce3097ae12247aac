import type { FieldLog, PvField } from '../pv/index.ts';
import type { Circuit } from './circuit.ts';

/** One client's monitor: which events of a field it wants, and as what. */
export class Subscription {
  readonly circuit: Circuit;
  readonly field: PvField;
  readonly sid: number;
  /** The client's id of it. */
  readonly id: number;
  readonly type: number;
  /** Elements asked for; 0 for as many as there are. */
  readonly count: number;
  /** EventMask bits. */
  readonly mask: number;
  /** An update is owed: the client could not take it when it was posted. */
  dirty = false;
  /** What the owed update shows, on a channel with filters: what passed them last. */
  passed: FieldLog | undefined;

  constructor(
    circuit: Circuit,
    field: PvField,
    request: { sid: number; id: number; type: number; count: number; mask: number },
  ) {
    this.circuit = circuit;
    this.field = field;
    this.sid = request.sid;
    this.id = request.id;
    this.type = request.type;
    this.count = request.count;
    this.mask = request.mask;
  }
}
