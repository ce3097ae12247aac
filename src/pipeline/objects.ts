import type { CoeObject, Datatype, TerminalDefinition } from '../model/index.ts';

/** An object of a slave's dictionary. */
export interface ObjectPlace {
  readonly index: number;
  readonly subindex: number;
}

type Defined = Pick<TerminalDefinition, 'coe'> | undefined;

/** What an object holds, as the definition of its terminal says; undefined where none does. */
export function definedType(
  definition: Defined,
  { index, subindex }: ObjectPlace,
): Datatype | undefined {
  const entries = objectOf(definition, index)?.entries;
  return entries?.find((each) => each.subindex === subindex)?.datatype;
}

/**
 * Whether an object is calibration or vendor data, where a wrong value spoils a terminal for good,
 * that nobody unlocked: 0x80nE and 0x80nF, and what a definition says is.
 */
export function isProtected(
  definition: Defined,
  index: number,
  writable: readonly number[] | 'all' = [],
): boolean {
  const isData = index >= 0x8000 && index <= 0x8fff && (index & 0xf) >= 0xe;
  const isKept = isData || objectOf(definition, index)?.protected === true;
  return isKept && writable !== 'all' && !writable.includes(index);
}

function objectOf(definition: Defined, index: number): CoeObject | undefined {
  return definition?.coe.find((each) => each.index === index);
}
