import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { column } from '../access/cells.ts';
import { selectLinks } from '../algorithms/link-selection.ts';
import { Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { noLimits } from '../parts/no-limits.ts';
import { initSelection, linkRule, readSelection } from '../parts/selection-fields.ts';
import { settlePlain } from '../parts/settle-plain.ts';

/** Processes up to sixteen records, those that SELM and SELN select. */
export const fanout = recordType({
  name: 'fanout',
  kind: 'plain',
  access: { VAL: column((c) => c.number) },
  init: (engine, slot) => initSelection(engine, slot, sell),
  process(engine, slot) {
    const { columns: c } = engine;
    readSelection(engine, slot, sell);
    forward(engine, slot, selectLinks(linkRule(c, slot)));
    c.set(slot, Flag.udf, false);
    engine.stamp(slot);
    settled(engine, slot, settlePlain);
    return 'done';
  },
  metadata: noLimits,
});

const sell = fanout.links.indexOf('SELL');
const first = fanout.links.indexOf('LNK0');

function forward(engine: Engine, slot: Slot, selected: number | undefined): void {
  if (selected === undefined) engine.raise(slot, AlarmStatus.soft, Severity.invalid);
  for (let i = 0, links = selected ?? 0; links !== 0; i++, links >>= 1) {
    if (links & 1) engine.forward(slot, first + i);
  }
}
