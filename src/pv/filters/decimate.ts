import type { Json5 } from '../../kernel/index.ts';
import { type FieldLog, type Filter, isProperty } from './field-log.ts';
import { BadFilter, int32, readParameters } from './parameters.ts';

/** `dec`: passes the first of every `n` events; `{"n":n}`. */
export class Decimate implements Filter {
  readonly stage = 'gate';
  #every = 0;
  #seen = 0;

  constructor(parameters: Json5) {
    const whole = int32(false);
    readParameters(parameters, {
      n: (value) => {
        this.#every = whole(value);
      },
    });
    if (this.#every < 1) throw new BadFilter('n is at least 1');
  }

  event(log: FieldLog): FieldLog | undefined {
    if (isProperty(log)) return log;
    const isFirst = this.#seen === 0;
    this.#seen = (this.#seen + 1) % this.#every;
    return isFirst ? log : undefined;
  }
}
