import type { Json5, Json5Entry } from '../../kernel/index.ts';
import { parseDouble } from '../../records/index.ts';

/** A filter was asked for in a way that it does not understand; its channel is not created. */
export class BadFilter extends Error {}

/** Reads one parameter's value; throws `BadFilter` for one that it cannot be. */
export type Parameter<T> = (value: Json5) => T;

/** A whole number of 32 bits; `convert` also takes texts, decimals and booleans. */
export function int32(convert: boolean): Parameter<number> {
  return (value) => {
    const found = numberOf(value, convert);
    if (found < -(2 ** 31) || found >= 2 ** 31) throw new BadFilter(`${found} has no 32 bits`);
    return Math.trunc(found);
  };
}

/** Any number, also as a whole number, a text or a boolean. */
export const double: Parameter<number> = (value) => numberOf(value, true);

/** A text. */
export const text: Parameter<string> = (value) => {
  if (value.kind === 'string') return value.value;
  throw new BadFilter(`${value.kind} where a text belongs`);
};

/** One of some words, which may be shortened, as EPICS lets them be. */
export function oneOf<W extends string>(...words: readonly W[]): Parameter<W> {
  return (value) => {
    const found = words.find((word) => word.startsWith(text(value)));
    if (found === undefined) throw new BadFilter(`none of ${words.join(', ')}`);
    return found;
  };
}

/** Takes a filter's object, `{ key: value, … }`; each key calls what reads it, and no other may be. */
export function readParameters(
  value: Json5,
  readers: Readonly<Record<string, (value: Json5) => void>>,
): void {
  for (const [key, parameter] of entriesOf(value)) {
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (!read) throw new BadFilter(`no parameter ${key}`);
    read(parameter);
  }
}

export function entriesOf(value: Json5): readonly Json5Entry[] {
  if (value.kind === 'object') return value.entries;
  throw new BadFilter(`${value.kind} where an object belongs`);
}

function numberOf(value: Json5, convert: boolean): number {
  switch (value.kind) {
    case 'integer':
      return value.value;
    case 'number':
      if (convert) return value.value;
      break;
    case 'boolean':
      if (convert) return value.value ? 1 : 0;
      break;
    case 'string':
      if (convert) return numberInText(value.value);
      break;
    case 'null':
    case 'array':
    case 'object':
      break;
  }
  throw new BadFilter(`${value.kind} where a number belongs`);
}

function numberInText(written: string): number {
  const found = parseDouble(written.trim());
  if (written.trim() === '' || typeof found !== 'number') throw new BadFilter(`"${written}"`);
  return found;
}
