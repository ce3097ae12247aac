import { EPICS_EPOCH_UNIX_SECONDS } from '../../kernel/index.ts';
import type { PvField } from '../../pv/index.ts';
import { stored } from '../report/number-text.ts';
import { strftime } from '../strftime.ts';

/** What a field holds, as dbpr and dbl show it: choices by name, states by number. */
export function fieldText(field: PvField): string {
  const value = field.read();
  if (field.field === 'TIME') return timeText(String(value));
  if (typeof value === 'object') return `${field.type}[${value.length}]`;
  switch (field.type) {
    case 'DOUBLE':
      return stored(Number(value), 15);
    case 'FLOAT':
      return stored(Number(value), 7);
    case 'DEVICE':
      return field.metadata().labels[Number(value)] ?? '';
    case 'MENU':
      return field.metadata().labels[Number(value)] ?? String(value);
    case 'ULONG':
      return isStateValue(field) ? `0x${Number(value).toString(16)}` : String(value);
    default:
      return String(value);
  }
}

/** ZRVL … FFVL, which databases give in hexadecimal. */
function isStateValue({ field, recordType }: PvField): boolean {
  return recordType.startsWith('mbb') && field.endsWith('VL');
}

/** A time stamp in local time, as dbpr shows it; one of a record that never processed is none. */
function timeText(iso: string): string {
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(iso) ?? [];
  const moment = { seconds: Math.floor(Date.parse(iso) / 1000), nanoseconds: Number(fraction) };
  const isUndefined = moment.seconds === EPICS_EPOCH_UNIX_SECONDS && moment.nanoseconds === 0;
  return isUndefined ? '<undefined>' : strftime('%Y-%m-%d %H:%M:%S.%09f', moment);
}
