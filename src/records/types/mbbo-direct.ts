import { AlarmStatus, type Slot } from '../../model/index.ts';
import { column, derived } from '../access/cells.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { changeMask } from '../deadband.ts';
import { DeviceCode } from '../devices/device-code.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { bitAccess, bitFields, initMask } from '../parts/direct-bits.ts';
import { noLimits } from '../parts/no-limits.ts';

const CLOSED_LOOP = 1;

const steps: OutputSteps = {
  type: () => 'ULONG',
  take(engine, slot, value) {
    engine.columns.number[slot] = Number(value) | 0;
    defined(engine, slot);
  },
  convert: () => {},
  evaluate(engine, slot) {
    const { columns: c } = engine;
    if (c.has(slot, Flag.udf)) {
      engine.raise(slot, AlarmStatus.udf, c.udfSeverity[slot] ?? 0, 'UDFS');
    }
  },
  value: (c, slot) => (c.number[slot] ?? 0) >>> 0,
  raw: (c, slot) => (rawOf(c, slot) & c.storedNumber(slot, 'MASK')) >>> 0,
  takeIvov({ columns: c }, slot) {
    c.number[slot] = c.storedNumber(slot, 'IVOV') | 0;
  },
  settle: (engine, slot) => settled(engine, slot, settle),
};

/** A 32-bit word that is written, as a whole or bit by bit. */
export const mbboDirect = recordType({
  name: 'mbboDirect',
  kind: 'plain',
  access: {
    VAL: column((c) => c.number),
    MLST: column((c) => c.mlst),
    OBIT: column((c) => c.mlst),
    RVAL: derived(rawOf),
    ORAW: derived(rawOf),
    ...bitAccess(writeBit),
  },
  init(engine, slot) {
    const { columns: c } = engine;
    initMask(c, slot, c.device[slot] === DeviceCode.raw);
    initOutput(engine, slot, steps);
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
  refuses(c, slot, field) {
    const isBit = bitFields.includes(field);
    const isDriven = isBit && c.storedNumber(slot, 'OMSL') === CLOSED_LOOP;
    return isDriven ? 'OMSL is closed_loop: DOL gives the bits' : undefined;
  },
  metadata: noLimits,
});

function writeBit(c: Columns, slot: Slot, bit: number, on: boolean): void {
  const value = c.number[slot] ?? 0;
  c.number[slot] = on ? value | (1 << bit) : value & ~(1 << bit);
  c.set(slot, Flag.udf, false);
}

function rawOf(c: Columns, slot: Slot): number {
  return ((c.number[slot] ?? 0) << c.storedNumber(slot, 'SHFT')) >>> 0;
}

function settle(c: Columns, slot: Slot, pending: Pending): void {
  const mask = settleAlarm(c, slot, pending) | changeMask(c, slot);
  if (mask) c.post(slot, mask);
}
