import type { Slot } from '../../model/index.ts';
import type { AccessTable } from '../access/access.ts';
import { derived } from '../access/cells.ts';
import { CALC_VAL } from '../calc/syntax.ts';
import type { Columns } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import type { Metadata } from '../metadata.ts';
import { linkMetadata } from './link-metadata.ts';

const letters = [...'ABCDEFGHIJKL'];
/** Inputs of calc, calcout and sel. */
export const INPUTS = letters.length;
/** LA to LL stand behind what the CALC engine knows: A to U, and VAL. */
const LAST = CALC_VAL + 1;

/** A to L, and LA to LL as of the last processing. */
export interface InputBank {
  readonly values: Float64Array;
}

export function inputBank(initial: number): Float64Array {
  return new Float64Array(LAST + INPUTS).fill(initial, 0, INPUTS);
}

/** The fields A to L and LA to LL. */
export function inputFields(own: (c: Columns, slot: Slot) => InputBank): AccessTable {
  return Object.fromEntries(
    letters.flatMap((letter, input) => {
      const value = {
        read: (c: Columns, slot: Slot) => own(c, slot).values[input] ?? 0,
        write(c: Columns, slot: Slot, number: unknown) {
          own(c, slot).values[input] = Number(number);
        },
      };
      const last = derived((c, slot) => own(c, slot).values[LAST + input] ?? 0);
      return [
        [letter, value],
        [`L${letter}`, last],
      ] as const;
    }),
  );
}

/** Takes the inputs whose links, from `first` on, are constants. */
export function initInputs(engine: Engine, slot: Slot, values: Float64Array, first: number): void {
  for (const letter of letters) initInput(engine, slot, values, first, letter);
}

/** As `initInputs`, one of them. */
export function initInput(
  engine: Engine,
  slot: Slot,
  values: Float64Array,
  first: number,
  letter: string,
): void {
  const input = letters.indexOf(letter);
  const constant = engine.initial(slot, first + input, 'DOUBLE');
  if (constant !== undefined) values[input] = Number(constant);
}

// hot path
/** Reads the inputs through their links; false when one of them failed. */
export function fetchInputs(
  engine: Engine,
  slot: Slot,
  values: Float64Array,
  first: number,
): boolean {
  if (engine.columns.links[slot] === undefined) return true;
  let isGood = true;
  for (let input = 0; input < INPUTS; input++) {
    const value = engine.number(slot, first + input);
    if (value === null) isGood = false;
    else if (value !== undefined) values[input] = value;
  }
  return isGood;
}

// hot path
/** Makes the inputs those of the last processing. */
export function keepInputs(values: Float64Array): void {
  for (let input = 0; input < INPUTS; input++) values[LAST + input] = values[input]!;
}

/** A to L and LA to LL tell what the fields tell that their links lead to. */
export function inputMetadata(
  c: Columns,
  slot: Slot,
  field: string,
  first: number,
): Partial<Metadata> | undefined {
  const letter = /^L?([A-L])$/.exec(field)?.[1];
  if (letter === undefined) return undefined;
  return linkMetadata(c, slot, first + letters.indexOf(letter));
}
