import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { column, derived } from '../access/cells.ts';
import { LinkChoice, selectLinks } from '../algorithms/link-selection.ts';
import { Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { linkMetadata } from '../parts/link-metadata.ts';
import {
  initSelection,
  linkRule,
  readSelection,
  selectedNumber,
} from '../parts/selection-fields.ts';
import { settlePlain } from '../parts/settle-plain.ts';
import type { Progress } from '../record-type.ts';

/** The sixteen groups DLYn, DOLn, DOn, LNKn, by what their fields end in. */
const groups = [...'0123456789ABCDEF'];

/** Writes up to sixteen values, one after another, each after a delay of its own. */
export const seq = recordType({
  name: 'seq',
  kind: 'plain',
  access: { VAL: column((c) => c.number), OLDN: derived(selectedNumber) },
  init(engine, slot) {
    initSelection(engine, slot, sell);
    groups.forEach((group, index) => {
      const value = engine.initial(slot, firstDol + 2 * index, 'DOUBLE');
      if (value !== undefined) engine.columns.store(slot, `DO${group}`, Number(value));
    });
  },
  process(engine, slot) {
    const { columns: c } = engine;
    if (c.storedNumber(slot, 'SELM') !== LinkChoice.all) readSelection(engine, slot, sell);
    const selected = selectLinks(linkRule(c, slot));
    if (selected === undefined) engine.raise(slot, AlarmStatus.soft, Severity.invalid);
    return next(engine, slot, groupsOf(engine, slot, selected ?? 0));
  },
  metadata(c, slot, field) {
    if (/^DLY[0-9A-F]$/.test(field)) return delayMetadata;
    const group = /^DO([0-9A-F])$/.exec(field)?.[1];
    if (group === undefined) return undefined;
    return linkMetadata(c, slot, firstDol + 2 * groups.indexOf(group));
  },
});

const delayMetadata = {
  ...{ units: 's', precision: 2 },
  ...{ display: { low: 0, high: 10 }, control: { low: 0, high: 100_000 } },
};

const sell = seq.links.indexOf('SELL');
/** DOL0, behind which LNK0, DOL1, LNK1 … follow. */
const firstDol = seq.links.indexOf('DOL0');

/** The selected groups that have something to read or somewhere to write. */
function groupsOf(engine: Engine, slot: Slot, selected: number): number[] {
  return groups.flatMap((_, index) => {
    const at = firstDol + 2 * index;
    const isIdle = engine.isConstant(slot, at) && engine.isConstant(slot, at + 1);
    return (selected >> index) & 1 && !isIdle ? [index] : [];
  });
}

/** Goes on with the next group when its delay is over; never within this processing, as in base. */
function next(engine: Engine, slot: Slot, [index, ...rest]: readonly number[]): Progress {
  if (index === undefined) return finish(engine, slot);
  const delay = engine.columns.storedNumber(slot, `DLY${groups[index]}`);
  const resume = () => {
    write(engine, slot, index);
    return next(engine, slot, rest);
  };
  if (delay > 0) engine.later(slot, delay * 1000, resume);
  else engine.turns.call(engine.suspend(slot, resume));
  return 'waiting';
}

function write(engine: Engine, slot: Slot, index: number): void {
  const { columns: c } = engine;
  const field = `DO${groups[index]}`;
  const value = engine.number(slot, firstDol + 2 * index);
  if (typeof value === 'number') c.store(slot, field, value);
  engine.stamp(slot);
  engine.put(slot, firstDol + 2 * index + 1, c.storedNumber(slot, field));
}

function finish(engine: Engine, slot: Slot): Progress {
  engine.columns.set(slot, Flag.udf, false);
  engine.stamp(slot);
  settled(engine, slot, settlePlain);
  return 'done';
}
