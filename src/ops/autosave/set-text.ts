import { missingLine, type SavedValue, savedLine } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { PvField } from '../../pv/index.ts';
import type { Requested, RequestedPvs } from './requested.ts';
import { fieldText, isArray, scalarText } from './saved-text.ts';
import { inSlices } from './slices.ts';

/** The lines of a set, in parts, and how many PVs have no value. */
export interface SetText {
  readonly parts: readonly string[];
  readonly missing: number;
  /** How long it took to make it, in milliseconds of work. */
  readonly busyMs: number;
}

/** Elements of an array in a piece, characters in a part. */
const ELEMENTS = 250;
const PART = 65_536;

/** What a set's text is made of. */
export interface SetSource {
  readonly pvs: RequestedPvs;
  /** Values of PVs that are not there, or have never had a value: they stay as they are. */
  readonly kept: ReadonlyMap<string, SavedValue>;
  readonly keepsAbsent: boolean;
}

/** The values of a set as text, made in slices between which everything else goes on. */
export async function setText(source: SetSource, clock: Clock): Promise<SetText> {
  const sought = await inSlices(source.pvs.resolve(), clock, () => {});
  const pieces = new Pieces(source);
  const parts: string[] = [];
  let part = '';
  const written = await inSlices(pieces.all(), clock, (piece) => {
    part += piece;
    if (part.length <= PART) return;
    parts.push(part);
    part = '';
  });
  return { parts: [...parts, part], missing: pieces.missing, busyMs: sought + written };
}

class Pieces {
  missing = 0;
  readonly #source: SetSource;

  constructor(source: SetSource) {
    this.#source = source;
  }

  *all(): Generator<string> {
    const { pvs, kept, keepsAbsent } = this.#source;
    for (const entry of pvs.entries) {
      const { name, field } = entry;
      if (field && this.#hasValue(entry)) yield* linesOf(name, field);
      else yield this.#withoutValue(name);
    }
    if (!keepsAbsent) return;
    for (const [name, { value }] of kept) if (!pvs.has(name)) yield savedLine(name, value);
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
