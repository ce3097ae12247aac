import type { Slot } from '../../model/index.ts';
import { column, derived } from '../access/cells.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { Bins } from '../algorithms/bins.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { Simm } from '../engine/simulation.ts';
import { settled } from '../engine/steps.ts';
import { EventMask } from '../event.ts';
import { recordType } from '../field-table.ts';
import type { Progress } from '../record-type.ts';

interface Own {
  readonly bins: Bins;
  /** MCNT: signals counted since the last event. */
  counted: number;
  /** CSTA */
  isCounting: boolean;
  /** Posts what was counted, each SDEL seconds. */
  timer: Disposable | undefined;
}

/** Values of CMD. */
const Command = { read: 0, clear: 1, start: 2, stop: 3 } as const;

/** Counts how often a signal was where, between LLIM and ULIM. */
export const histogram = recordType({
  name: 'histogram',
  kind: 'array',
  access: {
    VAL: derived((c, slot) => ownOf(c, slot).bins.counts.slice()),
    WDTH: derived((c, slot) => ownOf(c, slot).bins.width),
    MCNT: derived((c, slot) => ownOf(c, slot).counted),
    CSTA: derived((c, slot) => (ownOf(c, slot).isCounting ? 1 : 0)),
    HOPR: column((c) => c.hopr),
    LOPR: column((c) => c.lopr),
  },
  shape: (c, slot) => ({ type: 'ULONG', maxCount: ownOf(c, slot).bins.counts.length, size: 0 }),
  init(engine, slot) {
    const { columns: c } = engine;
    engine.simulation.init(slot);
    setRange(c, slot);
    const signal = engine.initial(slot, svl, 'DOUBLE');
    if (signal !== undefined) {
      c.store(slot, 'SGNL', Number(signal));
      c.set(slot, Flag.udf, false);
    }
    const simulated = engine.initial(slot, histogram.common.siol, 'DOUBLE');
    if (simulated !== undefined) c.store(slot, 'SVAL', Number(simulated));
    watch(engine, slot);
  },
  process,
  changed(engine, slot, field) {
    const { columns: c } = engine;
    if (field === 'SGNL') count(c, slot);
    if (field === 'CMD') command(c, slot);
    if (field === 'SDEL') watch(engine, slot);
    if (field === 'ULIM' || field === 'LLIM') {
      setRange(c, slot);
      clear(c, slot);
    }
  },
  metadata(c, slot, field) {
    switch (field) {
      case 'SDEL':
        return { units: 's', precision: 2 };
      case 'WDTH': {
        const range = { low: 0, high: c.storedNumber(slot, 'ULIM') - c.storedNumber(slot, 'LLIM') };
        return { display: range, control: range };
      }
      default:
        return undefined;
    }
  },
});

const svl = histogram.links.indexOf('SVL');

function ownOf(c: Columns, slot: Slot): Own {
  const size = Math.max(c.storedNumber(slot, 'NELM', 1), 1);
  const own = c.own[slot] as Own | undefined;
  if (own?.bins.counts.length === size) return own;
  const made = { bins: new Bins(size), counted: 0, isCounting: true, timer: undefined };
  c.own[slot] = made;
  return made;
}

function process(engine: Engine, slot: Slot): Progress {
  const mode = engine.simulation.mode(slot);
  if (mode === Simm.yes) {
    return engine.simulation.perform(
      slot,
      () => readSimulated(engine, slot),
      () => finish(engine, slot),
    );
  }
  if (mode === Simm.no) read(engine, slot);
  else engine.simulation.refuse(slot);
  return finish(engine, slot);
}

/** A signal that cannot be read counts as the one before. */
function read(engine: Engine, slot: Slot): void {
  const signal = engine.number(slot, svl);
  if (typeof signal === 'number') engine.columns.store(slot, 'SGNL', signal);
  count(engine.columns, slot);
}

function readSimulated(engine: Engine, slot: Slot): void {
  const { columns: c } = engine;
  const { siol } = histogram.common;
  const signal = engine.isConstant(slot, siol)
    ? c.storedNumber(slot, 'SVAL')
    : engine.number(slot, siol);
  if (typeof signal !== 'number') return;
  c.store(slot, 'SVAL', signal);
  c.store(slot, 'SGNL', signal);
  c.set(slot, Flag.udf, false);
  count(c, slot);
}

function finish(engine: Engine, slot: Slot): Progress {
  engine.stamp(slot);
  settled(engine, slot, settle);
  return 'done';
}

function settle(c: Columns, slot: Slot, pending: Pending): void {
  const own = ownOf(c, slot);
  let mask = settleAlarm(c, slot, pending);
  if (own.counted > c.storedNumber(slot, 'MDEL')) {
    mask |= EventMask.value | EventMask.log;
    own.counted = 0;
  }
  if (mask) c.post(slot, mask);
}

function count(c: Columns, slot: Slot): void {
  const own = ownOf(c, slot);
  if (own.isCounting && own.bins.add(c.storedNumber(slot, 'SGNL'))) own.counted++;
}

function command(c: Columns, slot: Slot): void {
  const own = ownOf(c, slot);
  const asked = c.storedNumber(slot, 'CMD');
  if (asked === Command.start || asked === Command.stop) own.isCounting = asked === Command.start;
  else clear(c, slot);
  c.store(slot, 'CMD', undefined);
}

/** What was cleared is posted when the record next processes. */
function clear(c: Columns, slot: Slot): void {
  const own = ownOf(c, slot);
  own.bins.clear();
  own.counted = c.storedNumber(slot, 'MDEL') + 1;
  c.set(slot, Flag.udf, false);
}

function setRange(c: Columns, slot: Slot): void {
  ownOf(c, slot).bins.setRange(c.storedNumber(slot, 'LLIM'), c.storedNumber(slot, 'ULIM'));
}

/** Posts counts each SDEL seconds, whether the record processes or not. */
function watch(engine: Engine, slot: Slot): void {
  const { columns: c } = engine;
  const own = ownOf(c, slot);
  own.timer?.[Symbol.dispose]();
  const delay = c.storedNumber(slot, 'SDEL');
  own.timer = delay > 0 ? engine.timers.after(delay * 1000, () => post(engine, slot)) : undefined;
}

function post(engine: Engine, slot: Slot): void {
  const own = ownOf(engine.columns, slot);
  if (own.counted > 0) {
    engine.turns.run(() => {
      engine.aboutToPost(slot);
      engine.stamp(slot);
      engine.columns.post(slot, EventMask.value | EventMask.log);
    });
    own.counted = 0;
  }
  watch(engine, slot);
}
