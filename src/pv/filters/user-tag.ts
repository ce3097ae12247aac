import type { Json5 } from '../../kernel/index.ts';
import { type FieldLog, type Filter, isProperty } from './field-log.ts';
import { int32, readParameters } from './parameters.ts';

/** `utag`: passes events whose user tag has the bits wanted, `(UTAG & M) == V`; the first always. */
export class UserTag implements Filter {
  readonly stage = 'gate';
  #mask = -1;
  #wanted = 0;
  #isFirst = true;

  constructor(parameters: Json5) {
    const whole = int32(true);
    readParameters(parameters, {
      M: (value) => {
        this.#mask = whole(value);
      },
      V: (value) => {
        this.#wanted = whole(value);
      },
    });
  }

  event(log: FieldLog): FieldLog | undefined {
    if (isProperty(log)) return log;
    const passes = this.#isFirst || (log.userTag & this.#mask) === this.#wanted;
    this.#isFirst = false;
    return passes ? log : undefined;
  }
}
