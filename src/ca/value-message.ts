import type { ReadableField, ValueColumns } from '../pv/index.ts';
import { isColumnValue, writeColumnValue } from './column-value.ts';
import { Base, baseOf, Dbr, Family, familyOf, payloadSize, valueOffset } from './dbr.ts';
import { isFloat, lengthOf, writeElements } from './elements.ts';
import { CommandId, Eca } from './header.ts';
import { writeMetadata } from './metadata.ts';
import type { Output } from './output.ts';
import { writeText } from './text.ts';

/** Text in a DBR string, without its NUL. */
const LONGEST_TEXT = 39;

/** Whether a value message was appended, or why nothing was. */
export type Appended = 'sent' | 'unreadable' | 'too-large';

/** How a field is to be read: DBR type and element count, 0 for as many as there are now. */
export interface View {
  readonly field: ReadableField;
  readonly type: number;
  readonly count: number;
}

/**
 * Appends one message with a field's value as a DBR type: READ_NOTIFY, READ and EVENT_ADD differ
 * only in `command` and `p1` (facts/ca.md sections 3 and 5).
 */
// hot path
export function appendValue(
  out: Output,
  columns: ValueColumns,
  view: View,
  command: number,
  p1: number,
  p2: number,
  maxBytes: number,
): Appended {
  const { field, type, count } = view;
  if (!isColumnValue(field, type, count)) {
    return appendAnyValue(out, columns, view, command, p1, p2, maxBytes);
  }
  const at = out.message(command, payloadSize(type, 1), type, 1, p1, p2);
  writeColumnOf(out.view, at, columns, field, type);
  return 'sent';
}

/** Writes the value of a field that `isColumnValue`. */
// hot path
export function writeColumnOf(
  view: DataView,
  at: number,
  columns: ValueColumns,
  field: ReadableField,
  type: number,
): void {
  const { slot } = field;
  writeColumnValue(
    view,
    at,
    type,
    columns.number[slot]!,
    isFloat(field),
    columns.status[slot]!,
    columns.severity[slot]!,
    columns.seconds[slot]!,
    columns.nanoseconds[slot]!,
  );
}

/** Appends an EVENT_ADD update of a subscription with the field's value now. */
// hot path
export function appendUpdate(
  out: Output,
  columns: ValueColumns,
  view: View,
  id: number,
  maxBytes: number,
): void {
  const command = CommandId.eventAdd;
  if (appendValue(out, columns, view, command, Eca.normal, id, maxBytes) === 'unreadable') {
    appendNoValue(out, view, command, Eca.getFail, id, maxBytes);
  }
}

/**
 * Appends the answer to a value that cannot be had: the status in p1, zeros where the value would
 * be (facts/ca.md section 5). Nothing when even the zeros are more than `maxBytes`.
 */
export function appendNoValue(
  out: Output,
  { type, count }: View,
  command: number,
  status: number,
  p2: number,
  maxBytes: number,
): Appended {
  const size = payloadSize(type, count);
  if (size > maxBytes) return 'too-large';
  const at = out.message(command, size, type, count, status, p2);
  out.zero(at, size);
  return 'sent';
}

/** The long way, for every field and type. A record that throws leaves nothing half appended. */
function appendAnyValue(
  out: Output,
  columns: ValueColumns,
  view: View,
  command: number,
  p1: number,
  p2: number,
  maxBytes: number,
): Appended {
  // A wish of more bytes than may be sent is refused before anything is read or claimed.
  if (payloadSize(view.type, view.count) > maxBytes) return 'too-large';
  if (view.type === Dbr.putAckt || view.type === Dbr.putAcks) return 'unreadable';
  const start = out.length;
  let appended: Appended = 'unreadable';
  try {
    appended = appendRead(out, columns, view, command, p1, p2, maxBytes);
  } finally {
    if (appended === 'unreadable') out.rewind(start);
  }
  return appended;
}

function appendRead(
  out: Output,
  columns: ValueColumns,
  { field, type, count }: View,
  command: number,
  p1: number,
  p2: number,
  maxBytes: number,
): Appended {
  const value = type === Dbr.className ? field.recordType : field.read();
  const elements = count === 0 ? Math.min(lengthOf(value), field.maxCount) : count;
  const size = payloadSize(type, elements);
  if (size > maxBytes) return 'too-large';
  const at = out.message(command, size, type, elements, p1, p2);
  const valueAt = at + (valueOffset[type] ?? 0);
  out.zero(at, valueAt - at);
  writePreamble(out, at, type, field, columns);
  if (type === Dbr.className) {
    out.zero(valueAt, size);
    writeText(out.bytes, valueAt, LONGEST_TEXT, field.recordType);
    return 'sent';
  }
  const written = writeElements(out, valueAt, baseOf(type), elements, field, value);
  return written ? 'sent' : 'unreadable';
}

/** Everything before the value. */
function writePreamble(
  out: Output,
  at: number,
  type: number,
  field: ReadableField,
  columns: ValueColumns,
): void {
  const family = familyOf(type);
  if (family === Family.plain || type === Dbr.className) return;
  const { view } = out;
  const { slot } = field;
  view.setUint16(at, columns.status[slot] ?? 0);
  view.setUint16(at + 2, columns.severity[slot] ?? 0);
  if (family === Family.time) {
    view.setUint32(at + 4, columns.seconds[slot] ?? 0);
    view.setUint32(at + 8, columns.nanoseconds[slot] ?? 0);
  } else if (type === Dbr.stsackString) {
    const { ackt, acks } = field.acknowledge();
    view.setUint16(at + 4, ackt);
    view.setUint16(at + 6, acks);
  } else if (family !== Family.sts && baseOf(type) !== Base.string) {
    writeMetadata(out, at, type, field);
  }
}
