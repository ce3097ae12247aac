import type { FieldType } from '../field-type.ts';
import { castNumber } from '../numbers.ts';
import type { PvValue } from '../put.ts';
import type { ServerStates } from '../server-states.ts';
import { BaseLink } from './base-link.ts';

/** `{"state":"name"}`: a named state of this server as 0 or 1; `!name` the other way round. */
export class StateLink extends BaseLink {
  readonly #states: ServerStates;
  readonly #name: string;
  readonly #isInverted: boolean;

  constructor(states: ServerStates, text: string) {
    super('state');
    this.#states = states;
    this.#isInverted = text.startsWith('!');
    this.#name = this.#isInverted ? text.slice(1) : text;
    states.create(this.#name);
  }

  override get isConnected(): boolean {
    return true;
  }

  override get type(): FieldType {
    return 'SHORT';
  }

  override get count(): number {
    return 1;
  }

  override number(): number {
    return this.#states.isOn(this.#name) === this.#isInverted ? 0 : 1;
  }

  override value(type: FieldType): PvValue {
    return type === 'STRING' ? String(this.number()) : castNumber(type, this.number());
  }

  override put(value: PvValue): boolean {
    const scalar = typeof value === 'object' ? (value[0] ?? 0) : value;
    const isSet = typeof scalar === 'string' ? isOn(scalar) : Number(scalar) !== 0;
    return this.#states.set(this.#name, isSet !== this.#isInverted);
  }
}

/** A text switches a state off when it is empty, or 0. */
function isOn(text: string): boolean {
  return text !== '' && text !== '0';
}
