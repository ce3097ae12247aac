import { recordData } from './field-data.ts';
import type { RecordTypeName } from './record-type.ts';

/** Device support of records that the plant feeds or takes values from. */
export const plantDevice = 'ADS';

/** Device supports that are not of EPICS base, and the record types that may have them. */
const ours: readonly string[] = [plantDevice, 'MQTT'];
const withOurs = new Set(
  `ai ao bi bo mbbi mbbo mbbiDirect mbboDirect longin longout int64in int64out
  stringin stringout lsi lso waveform aai aao`.split(/\s+/),
);

/** Choices of DTYP: the soft supports of EPICS base 7.0.8, then ours. */
export function devicesOf(type: RecordTypeName): readonly string[] {
  const soft = (recordData.devices[type] ?? []).map(({ name }) => name);
  return withOurs.has(type) ? [...soft, ...ours] : soft;
}
