import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { column, derived } from '../access/cells.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { changeMask } from '../deadband.ts';
import { DeviceCode } from '../devices/device-code.ts';
import type { Engine } from '../engine/engine.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { bitAccess, initMask } from '../parts/direct-bits.ts';
import { noLimits } from '../parts/no-limits.ts';

const steps: InputSteps = {
  type: () => 'ULONG',
  rawType: 'ULONG',
  take(engine, slot, value) {
    engine.columns.number[slot] = Number(value) | 0;
    defined(engine, slot);
  },
  takeRaw(engine, slot, value) {
    const { columns: c } = engine;
    const isMasked = c.device[slot] === DeviceCode.raw && c.storedNumber(slot, 'SIMM') === 0;
    const raw = (Number(value) & (isMasked ? c.storedNumber(slot, 'MASK') : -1)) >>> 0;
    c.store(slot, 'RVAL', raw || undefined);
    convert(engine, slot);
  },
  keep(engine, slot) {
    if (engine.columns.device[slot] === DeviceCode.raw) convert(engine, slot);
  },
  settle(engine, slot) {
    if (engine.columns.has(slot, Flag.udf)) {
      engine.raise(slot, AlarmStatus.udf, Severity.invalid);
    }
    settled(engine, slot, settle);
  },
};

/** A 32-bit word that is read, and its bits. */
export const mbbiDirect = recordType({
  name: 'mbbiDirect',
  kind: 'plain',
  access: {
    VAL: column((c) => c.number),
    MLST: column((c) => c.mlst),
    ORAW: derived((c, slot) => c.storedNumber(slot, 'RVAL')),
    // A put to a bit stays without effect: the processing that it starts gives VAL's bits.
    ...bitAccess(() => {}),
  },
  init(engine, slot) {
    const { columns: c } = engine;
    initMask(c, slot, c.device[slot] === DeviceCode.raw);
    initInput(engine, slot, steps);
  },
  process: (engine, slot) => processInput(engine, slot, steps),
  metadata: noLimits,
});

/** RVAL becomes VAL. */
function convert(engine: Engine, slot: Slot): void {
  const { columns: c } = engine;
  const shift = c.storedNumber(slot, 'SHFT');
  c.number[slot] = (c.storedNumber(slot, 'RVAL') >>> shift) | 0;
  defined(engine, slot);
}

function settle(c: Columns, slot: Slot, pending: Pending): void {
  const mask = settleAlarm(c, slot, pending) | changeMask(c, slot);
  if (mask) c.post(slot, mask);
}
