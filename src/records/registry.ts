import type { RecordType, RecordTypeName } from './record-type.ts';
import { aai } from './types/aai.ts';
import { aao } from './types/aao.ts';
import { ai } from './types/ai.ts';
import { ao } from './types/ao.ts';
import { bi } from './types/bi.ts';
import { bo } from './types/bo.ts';
import { calc } from './types/calc.ts';
import { calcout } from './types/calcout.ts';
import { compress } from './types/compress.ts';
import { dfanout } from './types/dfanout.ts';
import { event } from './types/event.ts';
import { fanout } from './types/fanout.ts';
import { histogram } from './types/histogram.ts';
import { int64in } from './types/int64in.ts';
import { int64out } from './types/int64out.ts';
import { longin } from './types/longin.ts';
import { longout } from './types/longout.ts';
import { lsi } from './types/lsi.ts';
import { lso } from './types/lso.ts';
import { mbbi } from './types/mbbi.ts';
import { mbbiDirect } from './types/mbbi-direct.ts';
import { mbbo } from './types/mbbo.ts';
import { mbboDirect } from './types/mbbo-direct.ts';
import { permissive } from './types/permissive.ts';
import { printf } from './types/printf.ts';
import { sel } from './types/sel.ts';
import { seq } from './types/seq.ts';
import { state } from './types/state.ts';
import { stringin } from './types/stringin.ts';
import { stringout } from './types/stringout.ts';
import { subArray } from './types/sub-array.ts';
import { waveform } from './types/waveform.ts';

/** Every record type, by name. */
export const recordTypes: Readonly<Record<RecordTypeName, RecordType>> = {
  ai,
  ao,
  bi,
  bo,
  mbbi,
  mbbo,
  longin,
  longout,
  int64in,
  int64out,
  stringin,
  stringout,
  lsi,
  lso,
  waveform,
  aai,
  aao,
  calc,
  calcout,
  compress,
  dfanout,
  event,
  fanout,
  histogram,
  mbbiDirect,
  mbboDirect,
  permissive,
  printf,
  sel,
  seq,
  state,
  subArray,
};

const byCode = Object.values(recordTypes).toSorted((a, b) => a.code - b.code);

/** The record type with a code. */
export function recordTypeOf(code: number): RecordType {
  const type = byCode[code];
  if (!type) throw new RangeError(`no record type has code ${code}`);
  return type;
}
