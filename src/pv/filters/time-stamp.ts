import { EPICS_EPOCH_UNIX_SECONDS, type Json5 } from '../../kernel/index.ts';
import type { FieldLog, Filter, Shape } from './field-log.ts';
import { oneOf, readParameters } from './parameters.ts';
import { epicsTimeText, isoTimeText } from './time-text.ts';

type Form = 'sec' | 'nsec' | 'dbl' | 'ts' | 'epics' | 'iso';
type Time = { readonly seconds: number; readonly nanoseconds: number };

const typeOf: Readonly<Record<Form, Shape['type']>> = {
  sec: 'ULONG',
  nsec: 'ULONG',
  dbl: 'DOUBLE',
  ts: 'ULONG',
  epics: 'STRING',
  iso: 'STRING',
};

/** `ts` without parameters: the time of the event, or read, is now. */
export class TimeNow implements Filter {
  readonly stage = 'gate';
  readonly #now: () => Time;

  constructor(now: () => Time) {
    this.#now = now;
  }

  event(log: FieldLog): FieldLog {
    return this.read(log);
  }

  read(log: FieldLog): FieldLog {
    return { ...log, ...this.#now() };
  }
}

/**
 * `ts` with parameters: the time stamp in place of the value, `{"num":"sec"|"nsec"|"dbl"|"ts"}` with
 * `"epoch":"epics"|"unix"`, or `{"str":"epics"|"iso"}`.
 */
export class TimeValue implements Filter {
  readonly stage = 'view';
  readonly #form: Form;
  readonly #type: Shape['type'];
  readonly #epoch: number;

  constructor(form: Form, isUnix: boolean) {
    this.#form = form;
    this.#type = typeOf[form];
    this.#epoch = isUnix ? EPICS_EPOCH_UNIX_SECONDS : 0;
  }

  shape(): Shape {
    return { type: this.#type, maxCount: this.#form === 'ts' ? 2 : 1 };
  }

  event(log: FieldLog): FieldLog {
    return this.read(log);
  }

  read(log: FieldLog): FieldLog {
    return { ...log, type: this.#type, value: this.#valueOf(log) };
  }

  #valueOf({ seconds, nanoseconds }: Time): FieldLog['value'] {
    const counted = (seconds + this.#epoch) >>> 0;
    switch (this.#form) {
      case 'sec':
        return counted;
      case 'nsec':
        return nanoseconds;
      case 'dbl':
        return counted + nanoseconds * 1e-9;
      case 'ts':
        return Uint32Array.of(counted, nanoseconds);
      case 'epics':
        return epicsTimeText(seconds, nanoseconds);
      case 'iso':
        return isoTimeText(seconds, nanoseconds);
    }
  }
}

/** The filter that `ts` parameters ask for. */
export function timeStamp(parameters: Json5, now: () => Time): Filter {
  let form: Form | undefined;
  let words: Form | undefined;
  let isUnix = false;
  const numeric = oneOf('dbl', 'sec', 'nsec', 'ts');
  const epoch = oneOf('epics', 'unix');
  const spelled = oneOf('epics', 'iso');
  readParameters(parameters, {
    num: (value) => {
      form = numeric(value);
    },
    epoch: (value) => {
      isUnix = epoch(value) === 'unix';
    },
    str: (value) => {
      words = spelled(value);
    },
  });
  const wanted = words ?? form;
  return wanted === undefined ? new TimeNow(now) : new TimeValue(wanted, isUnix);
}
