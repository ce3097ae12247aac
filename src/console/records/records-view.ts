import type { PvField } from '../../pv/index.ts';
import { Complaint } from '../complaint.ts';

/** A name of a record: its own, or an alias. */
export interface ListedRecord {
  readonly name: string;
  readonly type: string;
  /** The record's own name, where this is an alias. */
  readonly aliasOf?: string;
}

/** The records as the shell's commands see them: loaded ones, and once the IOC runs the real ones. */
export interface RecordsView {
  /** Fields can be read and written: after iocInit. */
  readonly isRunning: boolean;
  /** Every name, aliases behind their records. */
  list(): Iterable<ListedRecord>;
  /** Every info tag of every record. */
  tags(): Iterable<readonly [record: string, tag: string, text: string]>;
  /** Whether there is a record of a name or alias, whatever field the name goes on with. */
  has(name: string): boolean;
  /** Processes a record. */
  process(record: string): void;
  /** What EPICS calls the link that a field holds: `DB_LINK`, `CA_LINK`, `CONSTANT` …. */
  linkKind(field: PvField): string;
  /** The field of `RECORD`, `RECORD.FIELD` or `RECORD.FIELD$`. */
  find(name: string): PvField | undefined;
}

/** The field of a name that a person typed; a Complaint when there is none. */
export function fieldNamed(view: RecordsView, command: string, name: string): PvField {
  if (!view.isRunning && view.has(name)) {
    throw new Complaint(`${command} only works after iocInit`);
  }
  const field = view.find(name);
  if (!field) throw new Complaint(`PV '${name}' not found`);
  return field;
}
