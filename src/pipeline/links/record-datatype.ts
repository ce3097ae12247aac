import { arrayOf, byteLength, type Datatype, text, u8 } from '../../model/index.ts';
import type { RecordTypeName } from '../../records/index.ts';

const rows: ReadonlySet<RecordTypeName> = new Set(['waveform', 'aai', 'aao']);
const texts: ReadonlySet<RecordTypeName> = new Set(['stringin', 'stringout', 'lsi', 'lso']);

/** What a record takes of a value of the plant, or why it can take nothing. */
export function recordDatatype(type: RecordTypeName, live: Datatype): Datatype | string {
  if (rows.has(type)) return rowOf(live);
  if (texts.has(type)) return textOf(live, type);
  if (live.kind === 'string')
    return `is a text, which ${type} has not: use lsi, stringin or a row of CHAR`;
  if (live.kind === 'array') {
    return `has ${live.count} elements: use a waveform or aai, or name one of them`;
  }
  return live;
}

/** Texts are rows of characters, and a number is a row of one. */
function rowOf(live: Datatype): Datatype {
  if (live.kind === 'string') return arrayOf(u8, live.bytes);
  return live.kind === 'array' ? live : arrayOf(live, 1);
}

/** Rows of bytes are texts. */
function textOf(live: Datatype, type: RecordTypeName): Datatype | string {
  if (live.kind === 'string') return live;
  const isBytes = live.kind === 'array' && byteLength(live.element) === 1;
  return isBytes
    ? text(byteLength(live))
    : `is no text, and ${type} takes nothing else: use ai, longin or a waveform`;
}
