import type { PvField } from '../../../pv/index.ts';
import type { PvProfileOptions } from './options.ts';
import type { ServedPv } from './served-pv.ts';

/** How a PV is called, and whether putting to it is meant. */
export interface ComponentFacts {
  readonly name: string;
  readonly unique: string;
  readonly isSetpoint: boolean;
}

type Component = Readonly<Record<string, unknown>>;

/** The least step that a number of Home Assistant has. */
const LEAST_STEP = 0.001;
/** Limits of a PV that has none. */
const WIDEST = 1e9;

/**
 * A PV as a component of Home Assistant: what can be put to is a switch, a select, a number or a text, the
 * rest is a sensor or a binary sensor. Values go by the index of a state, which does not change with
 * its name, but of a select, which shows names.
 */
export function component(
  pv: ServedPv,
  options: PvProfileOptions,
  { name, unique, isSetpoint }: ComponentFacts,
): Component {
  const { field, topics, isSettable } = pv;
  const isWritable = isSetpoint && isSettable && field.writable && field.maxCount === 1;
  return {
    name,
    unique_id: unique,
    state_topic: topics.state,
    ...(isWritable ? settable(pv, options) : shown(pv, options)),
    ...(isWritable && { command_topic: topics.state.replace(/state$/, 'set') }),
  };
}

function settable(pv: ServedPv, options: PvProfileOptions): Component {
  const { field, labels } = pv;
  switch (kindOf(pv)) {
    case 'two-state':
      return { p: 'switch', ...onOff(options, labels, 'payload'), ...states(options, labels) };
    case 'states':
      return {
        p: 'select',
        options: labels.filter((label) => label !== ''),
        ...template(options, '{{ value_json.s }}'),
      };
    case 'number':
      return { p: 'number', mode: 'box', ...value(options), ...range(field), ...unit(pv) };
    case 'text':
      return { p: 'text', ...value(options) };
  }
}

function shown(pv: ServedPv, options: PvProfileOptions): Component {
  const { labels } = pv;
  switch (kindOf(pv)) {
    case 'two-state':
      return { p: 'binary_sensor', ...onOff(options, labels, 'payload'), ...value(options) };
    case 'states':
      return {
        p: 'sensor',
        device_class: 'enum',
        options: labels.filter((label) => label !== ''),
        ...template(options, '{{ value_json.s }}'),
      };
    case 'number':
      return {
        p: 'sensor',
        state_class: 'measurement',
        ...value(options),
        ...unit(pv),
        ...digits(pv),
      };
    case 'text':
      return { p: 'sensor', ...value(options) };
  }
}

type Kind = 'two-state' | 'states' | 'number' | 'text';

/** What a PV is to Home Assistant, which has no rows: they are text. */
function kindOf({ field, labels, asText }: ServedPv): Kind {
  if (field.maxCount > 1 || asText || field.type === 'STRING') return 'text';
  if (field.recordType === 'bi' || field.recordType === 'bo') return 'two-state';
  const named = labels.filter((label) => label !== '');
  return field.type === 'ENUM' && named.length > 0 ? 'states' : 'number';
}

/** What stands for on and off in payloads: the index, or in raw ones the name if there is one. */
function onOff(
  { payload }: PvProfileOptions,
  labels: readonly string[],
  what: 'payload' | 'state',
): Component {
  const [off = '', on = ''] = payload === 'raw' ? labels : [];
  return { [`${what}_on`]: on || '1', [`${what}_off`]: off || '0' };
}

function states(options: PvProfileOptions, labels: readonly string[]): Component {
  return { ...onOff(options, labels, 'state'), ...value(options) };
}

function value(options: PvProfileOptions): Component {
  return template(options, '{{ value_json.v }}');
}

function template({ payload }: PvProfileOptions, text: string): Component {
  return payload === 'raw' ? {} : { value_template: text };
}

/** Home Assistant takes 1 to 100 in steps of 1 where nothing else is said. */
function range(field: PvField): Component {
  const { control, display, precision } = field.metadata();
  const { low, high } = control.low < control.high ? control : display;
  const isReal = field.type === 'DOUBLE' || field.type === 'FLOAT';
  const step = isReal ? Math.max(10 ** -precision, LEAST_STEP) : 1;
  const limits = low < high ? { min: low, max: high } : { min: -WIDEST, max: WIDEST };
  return { ...limits, step };
}

function unit({ field }: ServedPv): Component {
  const { units } = field.metadata();
  return units === '' ? {} : { unit_of_measurement: units };
}

function digits({ field }: ServedPv): Component {
  const { precision } = field.metadata();
  const isReal = field.type === 'DOUBLE' || field.type === 'FLOAT';
  return isReal && precision > 0 ? { suggested_display_precision: precision } : {};
}
