import { type Attribute, Severity } from '../model/index.ts';
import type { AttributeRecords, RecordSpec } from '../records/index.ts';

/** Records that are about to be made, and the template that may say more of them. */
export interface NewRecords {
  readonly template: string;
  /** Type of the terminal. */
  readonly terminal: string;
  /** Names: of what the plant says, and of the wish, if there can be one. */
  readonly value: string;
  readonly setpoint?: string;
  /** Engineering value of one raw count; 0 of what has no counts. */
  readonly step: number;
  /** First and last value that can be measured, NaN where that is not known; or put, 0 for no end. */
  readonly low: number | bigint;
  readonly high: number | bigint;
  /** Severities of the states of a switch or bit, as EPICS calls them. */
  readonly states: readonly [zero: string, one: string];
}

/** What a template is told of the records of an attribute; undefined when none is asked for. */
export function newRecords(
  attribute: Attribute,
  { value, setpoint }: AttributeRecords,
  terminal: string,
): NewRecords | undefined {
  const { template, datatype, scale } = attribute;
  if (template === undefined) return undefined;
  return {
    template,
    terminal,
    value: value.name,
    ...(setpoint && { setpoint: setpoint.name }),
    step: datatype.kind === 'float' ? 0 : Math.abs(scale?.slope ?? 1),
    ...(setpoint ? endsOfPuts(attribute, setpoint) : endsOfRange(attribute)),
    states: [stateSeverity(attribute, 0), stateSeverity(attribute, 1)],
  };
}

type Ends = Pick<NewRecords, 'low' | 'high'>;

/** The ends of what can be measured as the record will see them: the values of whole counts. */
function endsOfRange({ range, limits = range, scale, datatype }: Attribute): Ends {
  if (!limits) return { low: NaN, high: NaN };
  if (!scale || datatype.kind === 'float') return limits;
  const { slope, offset } = scale;
  const counted = (end: number) => Math.round((end - offset) / slope) * slope + offset;
  return { low: counted(limits.low), high: counted(limits.high) };
}

/** What may be put: the range where there is one, else what the plant's type holds. */
function endsOfPuts({ range }: Attribute, { fields = {} }: RecordSpec): Ends {
  if (range) return range;
  const end = (name: string) => {
    const held = fields[name];
    return typeof held === 'number' || typeof held === 'bigint' ? held : 0;
  };
  return { low: end('DRVL'), high: end('DRVH') };
}

/**
 * What a state means for the values beside it is how grave it is itself, but no worse than MAJOR:
 * a bit that says that others are invalid is valid.
 */
function stateSeverity({ alarm }: Attribute, state: number): string {
  if (!alarm || alarm.trouble === 'standstill' || !alarm.trouble.includes(state)) return 'NO_ALARM';
  return alarm.severity === Severity.minor ? 'MINOR' : 'MAJOR';
}
