import type { Slot } from '../../model/index.ts';
import type { Columns, FieldValue } from '../columns.ts';
import { Flag } from '../columns.ts';
import { rawOf } from '../raw.ts';
import {
  blankStates,
  type States,
  type StatesDraft,
  statePrefixes,
  withDefined,
} from '../states.ts';
import type { Access, AccessTable } from './access.ts';
import { column, derived, stored } from './cells.ts';

const shared: AccessTable = {
  VAL: column((c) => c.number),
  MLST: column((c) => c.mlst),
  LALM: column((c) => c.lalm),
  COSV: field(
    (s) => s.changeSeverity,
    (s, value) => ({ ...s, changeSeverity: Number(value) }),
  ),
};

const two: AccessTable = {
  ...shared,
  ZNAM: member('names', 0),
  ONAM: member('names', 1),
  ZSV: member('severities', 0),
  OSV: member('severities', 1),
};

const many: AccessTable = {
  ...shared,
  UNSV: field(
    (s) => s.unknownSeverity,
    (s, value) => ({ ...s, unknownSeverity: Number(value) }),
  ),
  SDEF: derived((c, slot) => (statesIn(c, slot).defined ? 1 : 0)),
  ...Object.fromEntries(
    statePrefixes.flatMap((prefix, state) => [
      [`${prefix}VL`, member('values', state)],
      [`${prefix}ST`, member('names', state)],
      [`${prefix}SV`, member('severities', state)],
    ]),
  ),
};

const input: AccessTable = { RVAL: rawInput('RVAL'), ORAW: rawInput('ORAW') };
const output: AccessTable = { RVAL: derived(rawOutput), ORAW: derived(rawOutput) };

/** bi. */
export const twoStateInput: AccessTable = { ...two, ...input };
/** bo. */
export const twoStateOutput: AccessTable = { ...two, ...output };
/** mbbi. */
export const manyStateInput: AccessTable = { ...many, ...input };
/** mbbo. */
export const manyStateOutput: AccessTable = { ...many, ...output };

/** States of a record of these types. */
export function statesIn(c: Columns, slot: Slot): States {
  return c.states[slot] ?? blankStates(2);
}

function field(
  read: (states: States) => FieldValue,
  change: (states: States, value: FieldValue) => StatesDraft,
): Access {
  return {
    read: (c, slot) => read(statesIn(c, slot)),
    write(c, slot, value) {
      c.states[slot] = withDefined(change(statesIn(c, slot), value));
    },
  };
}

function member(list: 'names' | 'values' | 'severities', state: number): Access {
  return field(
    (states) => states[list][state] ?? 0,
    (states, value) => ({ ...states, [list]: states[list].toSpliced(state, 1, value as never) }),
  );
}

/** RVAL of an input: what the plant sent. */
function rawInput(name: string): Access {
  const soft = stored(name, 0);
  return {
    read: (c, slot) => (c.has(slot, Flag.mapped) ? c.image.number(slot) >>> 0 : soft.read(c, slot)),
    write: soft.write,
  };
}

function rawOutput(c: Columns, slot: Slot): number {
  return Number(rawOf(c, slot)) >>> 0;
}
