import { limits } from '../access/analog.ts';
import { row } from '../access/array.ts';
import { column } from '../access/cells.ts';
import { longText, shortText } from '../access/text.ts';
import { recordType } from '../field-table.ts';

/** Processing of a type that is not there yet: it has nothing to do. */
const process = () => 'done' as const;

const number = { VAL: column((c) => c.number) };

/** Record types of which only the fields are there: databases cannot make them yet. */
export const pendingTypes = {
  aai: recordType({ name: 'aai', kind: 'array', access: row, process }),
  aao: recordType({ name: 'aao', kind: 'array', access: row, process }),
  calc: recordType({ name: 'calc', kind: 'analog', access: limits, process }),
  calcout: recordType({ name: 'calcout', kind: 'analog', access: limits, process }),
  compress: recordType({ name: 'compress', kind: 'array', access: row, process }),
  dfanout: recordType({ name: 'dfanout', kind: 'analog', access: limits, process }),
  event: recordType({ name: 'event', kind: 'text', access: shortText, process }),
  fanout: recordType({ name: 'fanout', kind: 'plain', access: number, process }),
  histogram: recordType({ name: 'histogram', kind: 'array', access: row, process }),
  mbbiDirect: recordType({ name: 'mbbiDirect', kind: 'plain', access: number, process }),
  mbboDirect: recordType({ name: 'mbboDirect', kind: 'plain', access: number, process }),
  permissive: recordType({ name: 'permissive', kind: 'plain', access: number, process }),
  printf: recordType({ name: 'printf', kind: 'text', access: longText, process }),
  sel: recordType({ name: 'sel', kind: 'analog', access: limits, process }),
  seq: recordType({ name: 'seq', kind: 'plain', access: number, process }),
  state: recordType({ name: 'state', kind: 'text', access: shortText, process }),
  subArray: recordType({ name: 'subArray', kind: 'array', access: row, process }),
} as const;
