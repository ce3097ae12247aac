import type { PvValue, ValueColumns } from '../../../pv/index.ts';
import { statusWord } from '../../alarm-words.ts';
import type { ServedPv } from './served-pv.ts';
import { TimeText } from './time-text.ts';
import { jsonValue, mostBytes, numberText, rawValue } from './value-text.ts';

/** How values become payloads. */
export interface StateForm {
  readonly payload: 'json' | 'raw';
  readonly arrays: 'json' | 'base64';
  /** Bytes of a payload at most. */
  readonly maxBytes: number;
}

/**
 * Payloads of `…/state`: `{"v":1.5,"t":"2026-11-27T17:22:00.000Z","sev":0,"stat":"NO_ALARM","u":"V"}`,
 * with the name of a state as `s`; or the bare value.
 */
export class StateText {
  readonly #form: StateForm;
  readonly #time = new TimeText();

  constructor(form: StateForm) {
    this.#form = form;
  }

  // hot path
  of(pv: ServedPv, columns: ValueColumns): string {
    const { field } = pv;
    const value = field.isColumn ? (columns.number[field.slot] ?? Number.NaN) : field.read();
    if (this.#form.payload === 'raw') return this.#raw(pv, value);
    const shown = typeof value === 'number' ? numberText(value) : this.#long(pv, value);
    const { slot } = field;
    const time = this.#time.of(columns.seconds[slot] ?? 0, columns.nanoseconds[slot] ?? 0);
    const status = statusWord(columns.status[slot] ?? 0);
    const alarm = `"sev":${columns.severity[slot]},"stat":"${status}"`;
    const state = (typeof value === 'number' && pv.states[value]) || '';
    return `{"v":${shown},"t":${time},${alarm}${state}${pv.unit}}`;
  }

  #raw({ labels, asText, field }: ServedPv, value: PvValue): string {
    if (this.#isTooLong(value)) return '';
    return rawValue(value, field.maxCount > 1 ? [] : labels, asText);
  }

  /** Of a row that is too long its length alone. */
  #long({ asText }: ServedPv, value: PvValue): string {
    if (!this.#isTooLong(value)) return jsonValue(value, this.#form.arrays, asText);
    const length = typeof value === 'object' ? value.length : String(value).length;
    return `null,"n":${length},"error":"longer than ${this.#form.maxBytes} bytes"`;
  }

  #isTooLong(value: PvValue): boolean {
    if (typeof value === 'number') return false;
    return mostBytes(value, this.#form.arrays) > this.#form.maxBytes;
  }
}
