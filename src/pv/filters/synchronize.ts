import type { Json5 } from '../../kernel/index.ts';
import { LONGEST_STATE_NAME, type ServerStates } from '../../records/index.ts';
import { type FieldLog, type Filter, isProperty } from './field-log.ts';
import { BadFilter, oneOf, readParameters, text } from './parameters.ts';

const modes = ['before', 'first', 'last', 'after', 'while', 'unless'] as const;
type Mode = (typeof modes)[number];

/**
 * `sync`: passes events by a state of the server: `while` it is on, `unless` it is, the `first` after
 * it went on, the last `before` that, the `last` before it went off, the first `after` that.
 * `{"while":"state"}` or `{"m":"while","s":"state"}`; a state that does not exist is refused.
 */
export class Synchronize implements Filter {
  readonly stage = 'gate';
  readonly #states: ServerStates;
  #mode: Mode = 'before';
  #state = '';
  #wasOn = false;
  #kept: FieldLog | undefined;

  constructor(parameters: Json5, states: ServerStates) {
    this.#states = states;
    this.#read(parameters);
    if (!states.has(this.#state)) throw new BadFilter(`no state "${this.#state}"`);
  }

  event(log: FieldLog): FieldLog | undefined {
    if (isProperty(log)) return log;
    const isOn = this.#states.isOn(this.#state);
    if (this.#mode === 'while') return isOn ? log : undefined;
    if (this.#mode === 'unless') return isOn ? undefined : log;
    const isEdge = this.#isEdge(isOn);
    const passed = this.#isAhead ? this.#kept : log;
    this.#kept = this.#isAhead ? log : undefined;
    this.#wasOn = isOn;
    return isEdge ? passed : undefined;
  }

  /** The event before the edge is the one that passes. */
  get #isAhead(): boolean {
    return this.#mode === 'before' || this.#mode === 'last';
  }

  #isEdge(isOn: boolean): boolean {
    const rises = this.#mode === 'before' || this.#mode === 'first';
    return rises ? isOn && !this.#wasOn : !isOn && this.#wasOn;
  }

  #read(parameters: Json5): void {
    const mode = oneOf(...modes);
    const named = (value: Json5) => {
      this.#state = text(value).slice(0, LONGEST_STATE_NAME);
    };
    const tagged = modes.map((name) => [
      name,
      (value: Json5) => {
        named(value);
        this.#mode = name;
      },
    ]);
    readParameters(parameters, {
      m: (value) => {
        this.#mode = mode(value);
      },
      s: named,
      ...Object.fromEntries(tagged),
    });
  }
}
