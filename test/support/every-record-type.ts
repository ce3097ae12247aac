import type { ValueFact } from './dbr-facts.ts';
import { menuFacts } from './every-menu.ts';

const { NaN: none } = Number;
const real = { native: 6, maxCount: 1, isReal: true } as const;
const state = { native: 3, maxCount: 1 } as const;
const row = (className: string, native: number, maxCount: number) => ({
  className,
  native,
  maxCount,
});
const quiet = [0, 0] as const;
/** UDF, INVALID: never processed. */
const undefinedAlarm = [17, 3] as const;
const noAlarms = [none, none, none, none] as const;

/** What is true of each record, and of a field of each menu, of test/data/every-record-type.db. */
export const facts: Readonly<Record<string, ValueFact>> = {
  ai: {
    ...{ ...real, className: 'ai', texts: ['81.25'], numbers: [81.25], alarm: [4, 1] },
    ...{ units: 'degrees-C', precision: 2, limits: [120, -20, 90, 80, 15, 12, 120, -20] },
  },
  'ai:huge': {
    ...{ ...real, className: 'ai', texts: ['1.000e+300'], numbers: [1e300], alarm: quiet },
    precision: 3,
  },
  'ai:tiny': {
    ...{ ...real, className: 'ai', texts: ['-0.000'], numbers: [-1e-300], alarm: quiet },
    precision: 3,
  },
  'calc:infinite': {
    ...{ ...real, className: 'calc', texts: ['      -inf'], numbers: [-Infinity], alarm: quiet },
    precision: 3,
  },
  'calc:nan': {
    ...{ ...real, className: 'calc', texts: ['nan'], numbers: [none], alarm: undefinedAlarm },
    ...{ precision: 2, acks: 0 },
  },
  'ai:untouched': {
    ...{ ...real, className: 'ai', texts: ['0.0'], numbers: [0], alarm: undefinedAlarm },
    ...{ precision: 1, acks: 0 },
  },
  ao: {
    ...{ ...real, className: 'ao', texts: ['-95.500'], numbers: [-95.5], alarm: [5, 2] },
    ...{ units: 'mm', precision: 3, limits: [10, -10, none, none, none, -90, 100, -100] },
  },
  bi: {
    ...{ ...state, className: 'bi', texts: ['On'], numbers: [1], alarm: [7, 1] },
    states: ['Off', 'On'],
  },
  bo: {
    ...{ ...state, className: 'bo', texts: ['Closed'], numbers: [0], alarm: quiet },
    ...{ states: ['Closed', 'Open'], limits: [0, 0, ...noAlarms, 65535, 0] },
  },
  mbbi: {
    ...{ ...state, className: 'mbbi', texts: ['Two'], numbers: [2], alarm: [7, 2] },
    states: ['Zero', '', 'Two'],
  },
  mbbo: {
    ...{ ...state, className: 'mbbo', texts: ['One'], numbers: [1], alarm: quiet },
    states: ['Zero', 'One'],
  },
  mbbiDirect: {
    ...{ native: 5, maxCount: 1, className: 'mbbiDirect', alarm: quiet },
    ...{ texts: ['5'], numbers: [5] },
  },
  mbboDirect: {
    ...{ native: 5, maxCount: 1, className: 'mbboDirect', alarm: quiet },
    ...{ texts: ['6'], numbers: [6] },
  },
  longin: {
    ...{ native: 5, maxCount: 1, className: 'longin', alarm: [5, 2] },
    ...{ texts: ['-2147483648'], numbers: [-2147483648] },
    ...{ units: 'counts', limits: [1000, -1000, none, none, none, -900, 1000, -1000] },
  },
  longout: {
    ...{ native: 5, maxCount: 1, className: 'longout', alarm: quiet },
    ...{ texts: ['65537'], numbers: [65537] },
    ...{ units: 'counts', limits: [70000, -70000, ...noAlarms, 100000, -100000] },
  },
  int64in: {
    ...{ native: 6, maxCount: 1, className: 'int64in', alarm: quiet },
    ...{ texts: ['4294967298'], numbers: [4294967298n] },
    ...{ units: 'big', limits: [5e9, 0, 0, 0, 0, 0, 5e9, 0] },
  },
  int64out: {
    ...{ native: 6, maxCount: 1, className: 'int64out', alarm: quiet },
    ...{ texts: ['-9007199254740993'], numbers: [-9007199254740993n] },
    ...{ units: 'big', limits: [0, 0, 0, 0, 0, 0, 0, 0] },
  },
  'int64in:least': {
    ...{ native: 6, maxCount: 1, className: 'int64in', alarm: quiet },
    ...{
      texts: ['-9223372036854775808'],
      numbers: [-(2n ** 63n)],
      limits: [0, 0, 0, 0, 0, 0, 0, 0],
    },
  },
  'int64out:most': {
    ...{ native: 6, maxCount: 1, className: 'int64out', alarm: [3, 2] },
    ...{ texts: ['9223372036854775807'], numbers: [2n ** 63n - 1n] },
    limits: [0, 0, 2 ** 63, 0, 0, 0, 0, 0],
  },
  stringin: {
    ...{ native: 0, maxCount: 1, className: 'stringin', alarm: quiet, isText: true },
    ...{ texts: ['12.5 mm'], numbers: [12.5] },
  },
  stringout: {
    ...{ native: 0, maxCount: 1, className: 'stringout', alarm: quiet, isText: true },
    ...{ texts: ['no number'], numbers: undefined },
  },
  'lsi:full': {
    ...{ native: 0, maxCount: 1, className: 'lsi', alarm: quiet, isText: true },
    ...{ texts: ['forty-five characters, of which 39 are s'.slice(0, 39)], numbers: undefined },
  },
  lso: {
    ...{ native: 0, maxCount: 1, className: 'lso', alarm: quiet },
    ...{ texts: ['-12 mm'], numbers: [-12] },
  },
  printf: {
    ...{ native: 0, maxCount: 1, className: 'printf', alarm: quiet },
    ...{ texts: ['5 mm'], numbers: [5] },
  },
  state: {
    ...{ native: 0, maxCount: 1, className: 'state', alarm: quiet, isText: true },
    ...{ texts: ['running'], numbers: undefined },
  },
  'state:untouched': {
    ...{ native: 0, maxCount: 1, className: 'state', alarm: undefinedAlarm, acks: 0 },
    ...{ texts: [''], numbers: [0], isText: true },
  },
  event: {
    ...{ native: 0, maxCount: 1, className: 'event', alarm: quiet, isText: true },
    ...{ texts: ['7'], numbers: [7] },
  },
  'event:untouched': {
    ...{ native: 0, maxCount: 1, className: 'event', alarm: undefinedAlarm, acks: 0 },
    ...{ texts: [''], numbers: [0], isText: true },
  },
  'waveform:doubles': {
    ...{ ...row('waveform', 6, 3), alarm: quiet, isReal: true },
    ...{ texts: ['1.5', '-2.5', '1.0e+300'], numbers: [1.5, -2.5, 1e300] },
    ...{ units: 'V', precision: 1, limits: [5, -5, ...noAlarms, 5, -5] },
  },
  'waveform:floats': {
    ...{ ...row('waveform', 2, 3), alarm: quiet, isReal: true },
    ...{ texts: ['2', '-0'], numbers: [1.5, -0.25] },
  },
  'waveform:bytes': {
    ...{ ...row('waveform', 4, 3), alarm: quiet },
    ...{ texts: ['0', '127', '255'], numbers: [0, 127, 255] },
  },
  'waveform:texts': {
    ...{ ...row('waveform', 0, 2), alarm: quiet, isText: true },
    ...{ texts: ['one', ''], numbers: undefined },
  },
  'waveform:empty': {
    ...{ ...row('waveform', 5, 5), alarm: undefinedAlarm, acks: 0 },
    ...{ texts: [], numbers: [] },
  },
  aai: {
    ...{ ...row('aai', 1, 3), alarm: quiet },
    ...{ texts: ['-1', '32767'], numbers: [-1, 32767], units: 'A' },
  },
  aao: {
    ...{ ...row('aao', 6, 2), alarm: quiet },
    ...{ texts: ['4294967295', '1'], numbers: [4294967295, 1] },
  },
  calc: {
    ...{ ...real, className: 'calc', texts: ['5.0'], numbers: [5], alarm: [4, 1] },
    ...{ units: 'J', precision: 1, limits: [9, 0, none, 4, none, none, 9, 0] },
  },
  calcout: {
    ...{ ...real, className: 'calcout', texts: ['0.3333'], numbers: [1 / 3], alarm: quiet },
    precision: 4,
  },
  sel: {
    ...{ ...real, className: 'sel', texts: ['81.3'], numbers: [81.25], alarm: [4, 1] },
    ...{ units: 'K', precision: 1, limits: [100, -100, 90, 80, none, none, 100, -100] },
    isReadOnly: true,
  },
  compress: {
    ...{ ...row('compress', 6, 3), alarm: quiet, isReal: true },
    ...{ texts: ['81.25'], numbers: [81.25] },
    ...{ units: 'l/min', precision: 2, limits: [100, -1, ...noAlarms, 100, -1] },
  },
  'compress:empty': {
    ...{ ...row('compress', 6, 3), alarm: undefinedAlarm, acks: 0 },
    ...{ texts: [], numbers: [] },
  },
  histogram: {
    ...{ ...row('histogram', 6, 4), alarm: quiet },
    ...{ texts: ['1', '0', '0', '0'], numbers: [1, 0, 0, 0] },
    limits: [10, 0, ...noAlarms, 10, 0],
  },
  subArray: {
    ...{ ...row('subArray', 5, 5), alarm: quiet },
    ...{ texts: ['-2', '2147483647', '4'], numbers: [-2, 2147483647, 4] },
    ...{ units: 'bar', limits: [7, 0, ...noAlarms, 7, 0] },
  },
  permissive: {
    ...{ native: 5, maxCount: 1, className: 'permissive', alarm: quiet },
    ...{ texts: ['65535'], numbers: [65535] },
  },
  fanout: {
    ...{ native: 5, maxCount: 1, className: 'fanout', alarm: quiet },
    ...{ texts: ['-3'], numbers: [-3] },
  },
  seq: {
    ...{ native: 5, maxCount: 1, className: 'seq', alarm: quiet },
    ...{ texts: ['4'], numbers: [4] },
    limits: [2147483647, -2147483648, ...noAlarms, 2147483647, -2147483648],
  },
  dfanout: {
    ...{ ...real, className: 'dfanout', texts: ['2.50'], numbers: [2.5], alarm: [6, 1] },
    ...{ units: 'A', precision: 2, limits: [3, 0, none, none, 3, none, 3, 0] },
  },
  ...menuFacts,
};
