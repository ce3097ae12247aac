import type { ValueFact } from './dbr-facts.ts';

/** Menus by name, their choices as EPICS base 7.0.8 has them (facts/ca.md section 11). */
const menus = {
  scan: [
    ...['Passive', 'Event', 'I/O Intr', '10 second', '5 second', '2 second', '1 second'],
    ...['.5 second', '.2 second', '.1 second'],
  ],
  pini: ['NO', 'YES', 'RUN', 'RUNNING', 'PAUSE', 'PAUSED'],
  priority: ['LOW', 'MEDIUM', 'HIGH'],
  severity: ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'],
  status: [
    ...['NO_ALARM', 'READ', 'WRITE', 'HIHI', 'HIGH', 'LOLO', 'LOW', 'STATE', 'COS', 'COMM'],
    ...['TIMEOUT', 'HWLIMIT', 'CALC', 'SCAN', 'LINK', 'SOFT', 'BAD_SUB', 'UDF', 'DISABLE', 'SIMM'],
    ...['READ_ACCESS', 'WRITE_ACCESS'],
  ],
  yesNo: ['NO', 'YES'],
  simulation: ['NO', 'YES', 'RAW'],
  conversion: [
    ...['NO CONVERSION', 'SLOPE', 'LINEAR', 'typeKdegF', 'typeKdegC', 'typeJdegF', 'typeJdegC'],
    ...['typeEdegF(ixe only)', 'typeEdegC(ixe only)', 'typeTdegF', 'typeTdegC', 'typeRdegF'],
    ...['typeRdegC', 'typeSdegF', 'typeSdegC'],
  ],
  output: ['supervisory', 'closed_loop'],
  increment: ['Full', 'Incremental'],
  invalid: ['Continue normally', "Don't drive outputs", 'Set output to IVOV'],
  rowPost: ['Always', 'On Change'],
  textPost: ['On Change', 'Always'],
  element: [
    ...['STRING', 'CHAR', 'UCHAR', 'SHORT', 'USHORT', 'LONG', 'ULONG', 'INT64', 'UINT64'],
    ...['FLOAT', 'DOUBLE', 'ENUM'],
  ],
  execute: [
    ...['Every Time', 'On Change', 'When Zero', 'When Non-zero', 'Transition To Zero'],
    'Transition To Non-zero',
  ],
  data: ['Use CALC', 'Use OCAL'],
  link: ['Ext PV NC', 'Ext PV OK', 'Local PV', 'Constant'],
  compression: [
    ...['N to 1 Low Value', 'N to 1 High Value', 'N to 1 Average', 'Average', 'Circular Buffer'],
    'N to 1 Median',
  ],
  buffering: ['FIFO Buffer', 'LIFO Buffer'],
  fanout: ['All', 'Specified', 'Mask'],
  histogram: ['Read', 'Clear', 'Start', 'Stop'],
  selection: ['Specified', 'High Signal', 'Low Signal', 'Median Signal'],
  asyncDevice: ['Soft Channel', 'Async Soft Channel'],
} as const;

/** GR and CTRL types have room for so many. */
const MOST_STATES = 16;

/** A channel, its menu, and which choice the database makes. */
const fields: readonly (readonly [name: string, menu: keyof typeof menus, choice: number])[] = [
  ['menus:ai.SCAN', 'scan', 1],
  ['menus:ai.PINI', 'pini', 5],
  ['menus:ai.PRIO', 'priority', 2],
  ['menus:ai.HHSV', 'severity', 3],
  ['menus:ai.STAT', 'status', 17],
  ['menus:ai.ACKT', 'yesNo', 1],
  ['menus:ai.SIMM', 'simulation', 2],
  ['menus:ai.LINR', 'conversion', 1],
  ['menus:ao.OMSL', 'output', 1],
  ['menus:ao.OIF', 'increment', 1],
  ['menus:ao.IVOA', 'invalid', 2],
  ['menus:aai.MPST', 'rowPost', 1],
  ['menus:aai.FTVL', 'element', 8],
  ['menus:aao.MPST', 'rowPost', 1],
  ['menus:waveform.MPST', 'rowPost', 1],
  ['menus:calcout.OOPT', 'execute', 5],
  ['menus:calcout.DOPT', 'data', 1],
  ['menus:calcout.INAV', 'link', 3],
  ['menus:calcout.DTYP', 'asyncDevice', 1],
  ['menus:compress.ALG', 'compression', 2],
  ['menus:compress.BALG', 'buffering', 1],
  ['menus:dfanout.SELM', 'fanout', 2],
  ['menus:fanout.SELM', 'fanout', 1],
  ['menus:histogram.CMD', 'histogram', 0],
  ['menus:longout.OOPT', 'execute', 3],
  ['menus:lsi.MPST', 'textPost', 1],
  ['menus:sel.SELM', 'selection', 3],
  ['menus:seq.SELM', 'fanout', 2],
  ['menus:stringin.MPST', 'textPost', 1],
  ['menus:stringout.APST', 'textPost', 1],
];
const readOnly = new Set(['STAT', 'ACKT', 'FTVL', 'INAV']);

/** What is true of the fields of every menu in test/data/every-record-type.db. */
export const menuFacts: Readonly<Record<string, ValueFact>> = Object.fromEntries(
  fields.map(([name, menu, choice]) => [name, factOf(name, menus[menu], choice)]),
);

/** Their records never process: UDF, INVALID. */
function factOf(name: string, choices: readonly string[], choice: number): ValueFact {
  const [, className = '', field = ''] = /^menus:(\w+)\.(\w+)$/.exec(name) ?? [];
  return {
    ...{ native: 3, maxCount: 1, className, alarm: [17, 3], acks: 0 },
    ...{ texts: [choices[choice] ?? ''], numbers: [choice] },
    ...{ states: choices.slice(0, MOST_STATES), isReadOnly: readOnly.has(field) },
  };
}
