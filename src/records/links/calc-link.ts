import type { JsonValue } from '../../database/index.ts';
import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { type Calc, calcValues, compileCalc } from '../calc/compile.ts';
import { CALC_VAL } from '../calc/syntax.ts';
import type { Engine } from '../engine/engine.ts';
import type { FieldType } from '../field-type.ts';
import { formatDouble } from '../format.ts';
import type { Metadata } from '../metadata.ts';
import type { PvValue } from '../put.ts';
import { BaseLink } from './base-link.ts';
import { asNumber, valueAs } from './conversions.ts';
import type { Link, Moment } from './link.ts';

/** Digits of a result whose link has no `prec`. */
const MOST_DIGITS = 15;

/** What a calc link is made of. */
export interface CalcParts {
  /** What the value is; of an output, of VAL, the value that is written. Without it there is none. */
  readonly expr: Calc | undefined;
  /** A value that is not 0 raises LINK with MAJOR, or MINOR. */
  readonly major: Calc | undefined;
  readonly minor: Calc | undefined;
  readonly args: readonly (Link | undefined)[];
  /** The argument whose time the link has. */
  readonly time: number;
  readonly out: Link | undefined;
  readonly units: string;
  readonly prec: number;
}

/** `{"calc":{"expr":"A+B","args":[…]}}`: a calculation on other links. */
export class CalcLink extends BaseLink {
  readonly #engine: Engine;
  readonly #owner: Slot;
  readonly #parts: CalcParts;
  readonly #values = calcValues();

  constructor(engine: Engine, owner: Slot, parts: CalcParts) {
    super('calc');
    this.#engine = engine;
    this.#owner = owner;
    this.#parts = parts;
    parts.args.forEach((arg, i) => {
      this.#values[i] = Number(arg?.initial('DOUBLE', 1) ?? 0);
    });
  }

  override get isConnected(): boolean {
    return this.#parts.args.every((arg) => arg?.isConnected ?? true);
  }

  override get type(): FieldType {
    return 'DOUBLE';
  }

  override get count(): number {
    return 1;
  }

  override number(): number | undefined {
    this.#fetch();
    const { expr } = this.#parts;
    expr?.run(this.#values);
    this.#judge();
    return expr && this.#values[CALC_VAL];
  }

  override value(type: FieldType, most: number): PvValue | undefined {
    const number = this.number();
    if (number === undefined) return undefined;
    const text = (value: unknown) => formatDouble(Number(value), this.#parts.prec);
    return valueAs(number, type, most, text) ?? undefined;
  }

  override put(value: PvValue): boolean {
    const number = asNumber(value);
    if (number === null) return false;
    this.#fetch();
    this.#values[CALC_VAL] = number;
    this.#parts.expr?.run(this.#values);
    this.#judge();
    return this.#parts.out?.put(this.#values[CALC_VAL] ?? 0) ?? true;
  }

  override time(): Moment | undefined {
    return this.#parts.args[this.#parts.time]?.time();
  }

  override metadata(): Metadata {
    const { units, prec } = this.#parts;
    const none = { low: 0, high: 0 };
    const alarm = { lolo: NaN, low: NaN, high: NaN, hihi: NaN };
    return { units, precision: prec, display: none, control: none, alarm, labels: [] };
  }

  override [Symbol.dispose](): void {
    for (const link of [...this.#parts.args, this.#parts.out]) link?.[Symbol.dispose]();
  }

  /** Arguments that give nothing keep what they gave last; one that fails raises LINK. */
  #fetch(): void {
    this.#parts.args.forEach((arg, i) => {
      const value = arg?.number();
      if (typeof value === 'number') this.#values[i] = value;
      if (value !== null) return;
      this.#engine.raise(this.#owner, AlarmStatus.link, Severity.invalid, `argument ${i + 1}`);
    });
  }

  #judge(): void {
    const result = this.#values[CALC_VAL] ?? 0;
    for (const [calc, severity, text] of [
      [this.#parts.major, Severity.major, 'post_major error'],
      [this.#parts.minor, Severity.minor, 'post_minor error'],
    ] as const) {
      if (!calc) continue;
      calc.run(this.#values);
      const isRaised = this.#values[CALC_VAL] !== 0;
      this.#values[CALC_VAL] = result;
      if (isRaised) this.#engine.raise(this.#owner, AlarmStatus.link, severity, text);
      if (isRaised) return;
    }
  }
}

/** Reads what a calc link says; `open` makes links of its arguments. A mistake is thrown. */
export function calcParts(
  value: JsonValue,
  open: (argument: JsonValue) => Link | undefined,
): CalcParts {
  const map = typeof value === 'object' && !Array.isArray(value) ? (value ?? {}) : {};
  const said = new Map(Object.entries(map as { readonly [key: string]: JsonValue }));
  const calc = (key: string) => {
    const text = said.get(key);
    return text === undefined ? undefined : compileCalc(String(text));
  };
  const args = said.get('args') ?? [];
  const out = said.get('out');
  const time = String(said.get('time') ?? '');
  return {
    expr: calc('expr'),
    major: calc('major'),
    minor: calc('minor'),
    args: (Array.isArray(args) ? args : [args]).map(open),
    time: time === '' ? -1 : time.toUpperCase().charCodeAt(0) - 65,
    out: out === undefined ? undefined : open(out),
    units: String(said.get('units') ?? ''),
    prec: Number(said.get('prec') ?? MOST_DIGITS),
  };
}
