import { missingLine, type SavedValue, savedLine } from '../../database/index.ts';
import { type Clock, nextTurn } from '../../kernel/index.ts';
import type { PvField } from '../../pv/index.ts';
import type { Requested } from './requested.ts';
import { fieldText, isArray, scalarText } from './saved-text.ts';

/** The lines of a set, in parts, and how many PVs have no value. */
export interface SetText {
  readonly parts: readonly string[];
  readonly missing: number;
}

/** Longest that the text of a set is worked on before others get their turn, in milliseconds. */
const SLICE_MS = 5;
/** Pieces between two looks at the clock, elements of an array in a piece, characters in a part. */
const PIECES = 50;
const ELEMENTS = 250;
const PART = 65_536;

/** What a set's text is made of. */
export interface SetSource {
  readonly entries: readonly Requested[];
  /** Values of PVs that are not there, or have never had a value: they stay as they are. */
  readonly kept: ReadonlyMap<string, SavedValue>;
  readonly keepsAbsent: boolean;
}

/** The values of a set as text, made in slices between which everything else goes on. */
export async function setText(source: SetSource, clock: Clock): Promise<SetText> {
  const pieces = new Pieces(source);
  const parts: string[] = [];
  let part = '';
  let count = 0;
  let until = clock.monotonic() + SLICE_MS;
  for (const piece of pieces.all()) {
    part += piece;
    if (part.length > PART) {
      parts.push(part);
      part = '';
    }
    if (++count % PIECES !== 0 || clock.monotonic() < until) continue;
    await nextTurn();
    until = clock.monotonic() + SLICE_MS;
  }
  return { parts: [...parts, part], missing: pieces.missing };
}

class Pieces {
  missing = 0;
  readonly #source: SetSource;

  constructor(source: SetSource) {
    this.#source = source;
  }

  *all(): Generator<string> {
    const { entries, kept, keepsAbsent } = this.#source;
    const written = new Set<string>();
    for (const entry of entries) {
      const { name, field } = entry;
      if (keepsAbsent) written.add(name);
      if (field && this.#hasValue(entry)) yield* linesOf(name, field);
      else yield this.#withoutValue(name);
    }
    if (!keepsAbsent) return;
    for (const [name, { value }] of kept) if (!written.has(name)) yield savedLine(name, value);
  }

  #withoutValue(name: string): string {
    const kept = this.#source.kept.get(name);
    if (kept) return savedLine(name, kept.value);
    this.missing++;
    return missingLine(name);
  }

  /** A setpoint that never had a value must not come back as 0 and be written to a plant. */
  #hasValue({ udf }: Requested): boolean {
    return !this.#source.keepsAbsent || udf === undefined || Number(udf.read()) === 0;
  }
}

function* linesOf(name: string, field: PvField): Generator<string> {
  if (isArray(field, name)) yield* arrayOf(name, field);
  else yield savedLine(name, fieldText(field, name));
}

function* arrayOf(name: string, field: PvField): Generator<string> {
  const value = field.read();
  if (typeof value !== 'object') {
    yield savedLine(name, [scalarText(field.type, value)]);
    return;
  }
  // Its own copy: others have their turn before the end of a long one.
  const elements = value.length > ELEMENTS ? value.slice() : value;
  for (let at = 0; at === 0 || at < elements.length; at += ELEMENTS) {
    const texts: string[] = [];
    for (const element of elements.slice(at, at + ELEMENTS)) {
      texts.push(scalarText(field.type, element));
    }
    const line = savedLine(name, texts);
    const start = at === 0 ? 0 : line.indexOf('{') + 2;
    const isLast = at + ELEMENTS >= elements.length;
    yield isLast ? line.slice(start) : line.slice(start, line.lastIndexOf('}'));
  }
}
