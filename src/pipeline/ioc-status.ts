import { merge, Observable, type Subscription as RxSubscription, tap, timer } from 'rxjs';
import { type Attribute, bool, int, type Slot, text, u8, type Value } from '../model/index.ts';
import type { NamingRule } from '../pv/index.ts';
import { type RecordTable, recordSpecs } from '../records/index.ts';
import type { Plant } from './plant.ts';
import { PlantState } from './plant-status.ts';

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

/** Seconds between two readings of all rows. */
const PERIOD = 1;

/**
 * Serves the rows, whether the plant was ever reached or not, until unsubscribed from: read once per
 * second, and at each change of the plant's state.
 */
export function serveStatus(plant: Plant, rows: readonly StatusRow[]): RxSubscription {
  const { records, options, directory, memory, status } = plant;
  const served = rows.map((row) => ({ row, slot: addRow(records, options.naming, row) }));
  const refresh = () => {
    const [seconds, nanoseconds] = memory.now();
    for (const { row, slot } of served) records.adopt(slot, row.read(), seconds, nanoseconds);
    directory.flush();
  };
  const changes$ = new Observable<void>((subscriber) => {
    status.changed = () => subscriber.next();
    return () => {
      status.changed = () => {};
    };
  });
  return merge(timer(0, PERIOD * 1000), changes$)
    .pipe(tap(refresh))
    .subscribe();
}

/** What the pipelines tell; the names are the PVs'. */
export function plantRows(plant: Plant): readonly StatusRow[] {
  const { status, counters, memory, image, changes, residents } = plant;
  const count = (name: string, description: string, read: () => number): StatusRow => {
    return { name, description, shape: 'count', read };
  };
  return [
    {
      ...{ name: 'PlantState', description: 'State of the link to the plant' },
      ...{ shape: { datatype: u8, labels: stateLabels }, fields: stateSeverities },
      read: () => status.state,
    },
    line('PlantStatus', 'What is wrong with the plant, or its NetId', () => status.text),
    line('LastLoss', 'When and why the plant was lost last', () => status.lastLoss),
    count('Sessions', 'Sessions with the plant that came to life', () => counters.sessions),
    count('Attempts', 'Attempts to connect to the plant', () => counters.attempts),
    count('Introspections', 'Looks at what the plant consists of', () => changes.looks),
    line('LastChange', 'When and what of the plant changed last', () => changes.last),
    count('SlavesAdded', 'Slaves found that were not there', () => changes.counts.added),
    count('SlavesRemoved', 'Slaves found to be gone', () => changes.counts.removed),
    count('SlavesReplaced', 'Slaves configured as another', () => changes.counts.replaced),
    count('SlavesExchanged', 'Slaves that are another product', () => changes.counts.exchanged),
    count('SlavesChanged', 'Slaves moved, or spares put in', () => changes.counts.changed),
    count('SlavesGone', 'Slaves now gone, whose PVs stand', () => residents.gone),
    count('Samples', 'Samples taken into the process image', () => memory.samples),
    count('Frames', 'Notification frames taken', () => counters.frames),
    count('Malformed', 'Notification frames that were broken', () => counters.malformed),
    count('Batches', 'Batches handed to the records', () => counters.batches),
    count('LostSamples', 'Samples of unknown handles, no room', () => memory.lost),
    count('RingDropped', 'Samples of full rings', () => image.dropped.full),
    count('RingDiscarded', 'Samples in rings when their plant went', () => image.dropped.away),
    count('TimesHeld', 'Samples whose time was before the last', () => image.held),
    count('WrongSize', 'Samples refused for their size', () => image.wrongSize),
    {
      ...{ name: 'TimeSource', description: 'Whose time the newest values have' },
      ...{ shape: { datatype: bool, labels: timeSources }, fields: { ZSV: 'MINOR' } },
      read: () => (memory.time.isPlants ? 1 : 0),
    },
    count('TimesRefused', 'Stamps too far from the IOC’s time', () => memory.time.refused),
    count('Notifications', 'Notification handles in use', () => memory.handles),
    count('DeadNotifications', 'Died silently, renewed', () => counters.notificationsLost),
    count('StrayHandles', 'Notification handles that nobody knew', () => memory.strayHandles),
    count('RefusedBlocks', 'Blocks that the plant refused', () => memory.refusedBlocks),
    count('LateValues', 'Values whose plant is silent too long', () => plant.ages.late),
    count('Standstills', 'Toggles that stand still', () => plant.qualifications.standstills),
    count('PollsFailed', 'Reads of polled regions that failed', () => counters.pollsFailed),
    count('Puts', 'Puts sent to the plant', () => counters.puts),
    count('PutsFailed', 'Puts that the plant refused', () => counters.putsFailed),
  ];
}

const timeSources = [
  { value: 0, label: 'IOC' },
  { value: 1, label: 'Plant' },
];

/** A text of a status row. */
function line(name: string, description: string, read: () => string): StatusRow {
  return { name, description, shape: 'text', read };
}

/** The record of the symbol version; the notification of the version feeds it. */
export function addVersionRecord(records: RecordTable, naming: NamingRule): Slot {
  const shape = { datatype: int(32, false) };
  const description = 'Version of the plant’s symbols';
  return addRow(records, naming, { name: 'SymbolVersion', description, shape, read: () => 0 });
}

const stateLabels = [
  { value: PlantState.disconnected, label: 'Disconnected' },
  { value: PlantState.connecting, label: 'Connecting' },
  { value: PlantState.noRoute, label: 'No route' },
  { value: PlantState.connected, label: 'Connected' },
  { value: PlantState.degraded, label: 'Degraded' },
];

/** In the order of the labels. */
const stateSeverities = { ZRSV: 'MAJOR', ONSV: 'MINOR', TWSV: 'MAJOR', FRSV: 'MINOR' };

const TEXT_BYTES = 500;

function addRow(records: RecordTable, { prefix, separator }: NamingRule, row: StatusRow): Slot {
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
