import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { calcValues } from '../calc/compile.ts';
import { CALC_VAL } from '../calc/syntax.ts';
import type { Engine } from '../engine/engine.ts';
import type { FieldType } from '../field-type.ts';
import { formatDouble } from '../format.ts';
import type { Metadata } from '../metadata.ts';
import type { PvValue } from '../put.ts';
import { BaseLink } from './base-link.ts';
import type { CalcParts } from './calc-parts.ts';
import { asNumber, valueAs } from './conversions.ts';
import type { Moment } from './link.ts';

/** Digits behind the point of a result that is read as a text. */
const TEXT_DIGITS = 6;

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
    const { args, out } = this.#parts;
    return [...args, out].every((link) => link?.isConnected ?? true);
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
    // As in base, "prec" does not count here.
    const text = (value: unknown) => formatDouble(Number(value), TEXT_DIGITS);
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
