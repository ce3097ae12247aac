import type { Reading } from '../../ca/index.ts';
import { unixMs } from '../../kernel/index.ts';
import { severityName, statusName } from './alarm-text.ts';
import { nameColumn } from './tool.ts';
import { type ValueFormat, valueText } from './value-format.ts';

/** `name time value status severity`, as caget -a and camonitor print it. */
export function wideLine(
  name: string,
  reading: Reading,
  time: string,
  format: ValueFormat,
): string {
  const { separator } = format;
  const { status, severity, count } = reading;
  const alarm = status || severity ? [statusName(status), severityName(severity)] : ['', ''];
  const column = nameColumn(name, count > 1, separator);
  return column + [time, valueText(reading, format), ...alarm].join(separator);
}

/** `2026-07-09 03:05:07.089123`, local time, of an EPICS time; `<undefined>` of none. */
export function timeText(seconds: number, nanoseconds: number): string {
  if (seconds === 0 && nanoseconds === 0) return '<undefined>';
  const time = new Date(unixMs(seconds, 0));
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${day} ${clock}.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}`;
}
