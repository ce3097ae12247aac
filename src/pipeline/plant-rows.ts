import { bool, int, type Slot, u8 } from '../model/index.ts';
import type { NamingRule } from '../pv/index.ts';
import type { RecordTable } from '../records/index.ts';
import { addRow, countRow, type StatusRow } from './ioc-status.ts';
import type { Plant } from './plant.ts';
import { PlantState } from './plant-status.ts';

/** What the pipelines of a plant tell; the names are the PVs'. */
export function plantRows(plant: Plant): readonly StatusRow[] {
  const { status, counters, memory, changes, residents } = plant;
  return [
    {
      ...{ name: 'PlantState', description: 'State of the link to the plant' },
      ...{ shape: { datatype: u8, labels: stateLabels }, fields: stateSeverities },
      read: () => status.state,
    },
    line('PlantStatus', 'What is wrong with the plant, or its NetId', () => status.text),
    line('LastLoss', 'When and why the plant was lost last', () => status.lastLoss),
    countRow('Sessions', 'Sessions with the plant that came to life', () => counters.sessions),
    countRow('Attempts', 'Attempts to connect to the plant', () => counters.attempts),
    countRow('Introspections', 'Looks at what the plant consists of', () => changes.looks),
    line('LastChange', 'When and what of the plant changed last', () => changes.last),
    countRow('SlavesAdded', 'Slaves found that were not there', () => changes.counts.added),
    countRow('SlavesRemoved', 'Slaves found to be gone', () => changes.counts.removed),
    countRow('SlavesReplaced', 'Slaves configured as another', () => changes.counts.replaced),
    countRow('SlavesExchanged', 'Slaves that are another product', () => changes.counts.exchanged),
    countRow('SlavesChanged', 'Slaves moved, or spares put in', () => changes.counts.changed),
    countRow('SlavesGone', 'Slaves now gone, whose PVs stand', () => residents.gone),
    countRow('Samples', 'Samples taken into the process image', () => memory.samples),
    countRow('Frames', 'Notification frames taken', () => counters.frames),
    countRow('Malformed', 'Notification frames that were broken', () => counters.malformed),
    countRow('Batches', 'Batches handed to the records', () => counters.batches),
    countRow('LostSamples', 'Samples of unknown handles, no room', () => memory.lost),
    {
      ...{ name: 'TimeSource', description: 'Whose time the newest values have' },
      ...{ shape: { datatype: bool, labels: timeSources }, fields: { ZSV: 'MINOR' } },
      read: () => (memory.time.isPlants ? 1 : 0),
    },
    countRow('TimesRefused', 'Stamps too far from the IOC’s time', () => memory.time.refused),
    countRow('Notifications', 'Notification handles in use', () => memory.handles),
    countRow('DeadNotifications', 'Died silently, renewed', () => counters.notificationsLost),
    countRow('StrayHandles', 'Notification handles that nobody knew', () => memory.strayHandles),
    countRow('RefusedBlocks', 'Blocks that the plant refused', () => memory.refusedBlocks),
    countRow('LateValues', 'Values whose plant is silent too long', () => plant.ages.late),
    countRow('Standstills', 'Toggles that stand still', () => plant.qualifications.standstills),
    countRow('Links', 'Records with links on the plant', () => plant.links.size),
    countRow('BadLinks', 'Links that lead nowhere now', () => plant.links.bad),
    countRow('PollsFailed', 'Reads of polled regions that failed', () => counters.pollsFailed),
    countRow('Puts', 'Puts sent to the plant', () => counters.puts),
    countRow('PutsFailed', 'Puts that the plant refused', () => counters.putsFailed),
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
