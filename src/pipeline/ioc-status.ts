import {
  EMPTY,
  merge,
  type Observable,
  type Subscription as RxSubscription,
  tap,
  timer,
} from 'rxjs';
import { type Clock, epicsNow } from '../kernel/index.ts';
import {
  type Attribute,
  int,
  type ProcessImage,
  type Slot,
  text,
  type Value,
} from '../model/index.ts';
import type { Directory, NamingRule } from '../pv/index.ts';
import { type RecordTable, recordSpecs } from '../records/index.ts';

/** One thing that the IOC tells of itself: a read-only PV `PREFIX:IOC:name`. */
export interface StatusRow {
  readonly name: string;
  readonly description: string;
  /** How it is told: a 64-bit count, a text, or an attribute's own way. */
  readonly shape: 'count' | 'text' | Pick<Attribute, 'datatype' | 'labels'>;
  /** Fields beside those that the shape gives. */
  readonly fields?: Readonly<Record<string, string | number>>;
  readonly read: () => Value;
}

/** Where rows are served, and under which prefix. */
export interface StatusPlace {
  readonly records: RecordTable;
  readonly directory: Directory;
  readonly naming: Pick<NamingRule, 'prefix' | 'separator'>;
  readonly clock: Clock;
}

/** Seconds between two readings of all rows. */
const PERIOD = 1;

/**
 * Serves the rows, whether a plant was ever reached or not, until unsubscribed from: read once per
 * second, and whenever `changes$` emits.
 */
export function serveStatus(
  { records, directory, naming, clock }: StatusPlace,
  rows: readonly StatusRow[],
  changes$: Observable<unknown> = EMPTY,
): RxSubscription {
  const served = rows.map((row) => ({ row, slot: addRow(records, naming, row) }));
  const refresh = () => {
    const { seconds, nanoseconds } = epicsNow(clock.now());
    for (const { row, slot } of served) records.adopt(slot, row.read(), seconds, nanoseconds);
    directory.flush();
  };
  return merge(timer(0, PERIOD * 1000), changes$)
    .pipe(tap(refresh))
    .subscribe();
}

/** A row that counts. */
export function countRow(name: string, description: string, read: () => number): StatusRow {
  return { name, description, shape: 'count', read };
}

/** What the process image tells, which all plants share. */
export function imageRows(image: ProcessImage): readonly StatusRow[] {
  return [
    countRow('RingDropped', 'Samples of full rings', () => image.dropped.full),
    countRow('RingDiscarded', 'Samples in rings when their plant went', () => image.dropped.away),
    countRow('TimesHeld', 'Samples whose time was before the last', () => image.held),
    countRow('WrongSize', 'Samples refused for their size', () => image.wrongSize),
  ];
}

const TEXT_BYTES = 500;

/** Makes the record of a row. */
export function addRow(
  records: RecordTable,
  { prefix, separator }: StatusPlace['naming'],
  row: StatusRow,
): Slot {
  const { name, description, shape, fields } = row;
  const attribute: Attribute = {
    ...{ name, description, access: 'r', source: undefined },
    ...(shape === 'count'
      ? { datatype: int(64, true) }
      : shape === 'text'
        ? { datatype: text(TEXT_BYTES) }
        : shape),
  };
  const pv = [prefix, 'IOC', name].join(separator);
  const { value } = recordSpecs(attribute, { pv });
  return records.add(fields ? { ...value, fields: { ...value.fields, ...fields } } : value);
}
