import { limits } from '../access/analog.ts';
import { row } from '../access/array.ts';
import { column } from '../access/cells.ts';
import { longText, shortText } from '../access/text.ts';
import { recordType } from '../field-table.ts';

const number = { VAL: column((c) => c.number) };

/** Record types of which only the fields are there: databases cannot make them yet. */
export const pendingTypes = {
  aai: recordType({ name: 'aai', kind: 'array', access: row }),
  aao: recordType({ name: 'aao', kind: 'array', access: row }),
  calc: recordType({ name: 'calc', kind: 'analog', access: limits }),
  calcout: recordType({ name: 'calcout', kind: 'analog', access: limits }),
  compress: recordType({ name: 'compress', kind: 'array', access: row }),
  dfanout: recordType({ name: 'dfanout', kind: 'analog', access: limits }),
  event: recordType({ name: 'event', kind: 'text', access: shortText }),
  fanout: recordType({ name: 'fanout', kind: 'plain', access: number }),
  histogram: recordType({ name: 'histogram', kind: 'array', access: row }),
  mbbiDirect: recordType({ name: 'mbbiDirect', kind: 'plain', access: number }),
  mbboDirect: recordType({ name: 'mbboDirect', kind: 'plain', access: number }),
  permissive: recordType({ name: 'permissive', kind: 'plain', access: number }),
  printf: recordType({ name: 'printf', kind: 'text', access: longText }),
  sel: recordType({ name: 'sel', kind: 'analog', access: limits }),
  seq: recordType({ name: 'seq', kind: 'plain', access: number }),
  state: recordType({ name: 'state', kind: 'text', access: shortText }),
  subArray: recordType({ name: 'subArray', kind: 'array', access: row }),
} as const;
