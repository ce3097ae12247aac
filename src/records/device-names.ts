import { recordData } from './field-data.ts';
import type { RecordTypeName } from './record-type.ts';

/** Device support of records that the plant feeds or takes values from. */
export const plantDevice = 'ADS';

/** Device supports that are not of EPICS base, and the record types that may have them. */
const ours: readonly (readonly [names: readonly string[], types: ReadonlySet<string>])[] = [
  [
    [plantDevice, 'MQTT'],
    new Set(
      `ai ao bi bo mbbi mbbo mbbiDirect mbboDirect longin longout int64in int64out
      stringin stringout lsi lso waveform aai aao`.split(/\s+/),
    ),
  ],
  [['IOC stats'], new Set(['ai', 'ao', 'bo', 'longin', 'stringin', 'lsi', 'waveform', 'aai'])],
];

/** Choices of DTYP: the soft supports of EPICS base 7.0.8, then ours. */
export function devicesOf(type: RecordTypeName): readonly string[] {
  const soft = (recordData.devices[type] ?? []).map(({ name }) => name);
  return [...soft, ...ours.flatMap(([names, types]) => (types.has(type) ? names : []))];
}
