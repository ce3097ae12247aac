import type { Json5 } from '../../kernel/index.ts';
import { parseDouble } from '../../records/index.ts';
import type { FieldLog, Filter } from './field-log.ts';
import { double, oneOf, readParameters } from './parameters.ts';

/** VALUE and LOG: the events that a dead-band holds back; alarms and properties pass. */
const HELD_BACK = 3;

/**
 * `dbnd`: passes a number only when it is further than the dead-band from the last one that passed;
 * `{"abs":d}`, `{"rel":percent}` or `{"d":d,"m":"abs"|"rel"}`. Arrays pass, and texts that are none.
 */
export class Deadband implements Filter {
  readonly stage = 'gate';
  #isRelative = false;
  #size = 0;
  #width: number;
  #last = Number.NaN;

  constructor(parameters: Json5) {
    const mode = oneOf('abs', 'rel');
    const sized = (isRelative: boolean) => (value: Json5) => {
      this.#size = double(value);
      this.#isRelative = isRelative;
    };
    readParameters(parameters, {
      d: (value) => {
        this.#size = double(value);
      },
      m: (value) => {
        this.#isRelative = mode(value) === 'rel';
      },
      abs: sized(false),
      rel: sized(true),
    });
    this.#width = this.#size;
  }

  event(log: FieldLog): FieldLog | undefined {
    const value = numberOf(log.value);
    if (value === undefined) return log;
    const isFar = distance(value, this.#last) > this.#width;
    if (isFar) this.#last = value;
    if (!isFar && (log.mask & ~HELD_BACK) === 0) return undefined;
    if (this.#isRelative) this.#width = (value * this.#size) / 100;
    return log;
  }
}

function numberOf(value: FieldLog['value']): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const found = typeof value === 'string' ? parseDouble(value) : undefined;
  return typeof found === 'number' ? found : undefined;
}

/** How far two numbers are apart: a step to or from NaN or infinity is infinite. */
function distance(value: number, last: number): number {
  if (Object.is(value, last)) return 0;
  const far = Math.abs(value - last);
  return Number.isNaN(far) ? Number.POSITIVE_INFINITY : far;
}
