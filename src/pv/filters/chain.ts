import { IocError, type Json5, parseJson5 } from '../../kernel/index.ts';
import type { ServerStates } from '../../records/index.ts';
import { Deadband } from './deadband.ts';
import { Decimate } from './decimate.ts';
import type { Filter } from './field-log.ts';
import { BadFilter, entriesOf } from './parameters.ts';
import { Range, readShorthand } from './range.ts';
import { Synchronize } from './synchronize.ts';
import { timeStamp } from './time-stamp.ts';
import { UserTag } from './user-tag.ts';

/** What filters need of their server. */
export interface FilterWorld {
  readonly states: ServerStates;
  /** EPICS time now. */
  now(): { readonly seconds: number; readonly nanoseconds: number };
}

type Maker = (parameters: Json5, world: FilterWorld) => Filter;

/** Filters by the name that channel names have for them. */
const makers: Readonly<Record<string, Maker>> = {
  arr: (parameters) => Range.of(parameters),
  dbnd: (parameters) => new Deadband(parameters),
  dec: (parameters) => new Decimate(parameters),
  sync: (parameters, { states }) => new Synchronize(parameters, states),
  ts: (parameters, { now }) => timeStamp(parameters, now),
  utag: (parameters) => new UserTag(parameters),
};

/**
 * The filters that a channel name asks for behind its field: `[range]`, then `{"filter":{…},…}`, in
 * the order in which events pass them. Undefined when any of it is not understood.
 */
export function filterChain(modifiers: string, world: FilterWorld): Filter[] | undefined {
  try {
    const { range, rest } = splitRange(modifiers);
    if (rest !== '' && !rest.startsWith('{')) return undefined;
    const named = rest === '' ? [] : entriesOf(parseJson5(rest));
    const filters = named.map(([name, parameters]) => made(name, parameters, world));
    return inStages([...range, ...filters]);
  } catch (cause) {
    if (cause instanceof BadFilter || cause instanceof IocError) return undefined;
    throw cause;
  }
}

function splitRange(modifiers: string): { range: Filter[]; rest: string } {
  if (!modifiers.startsWith('[')) return { range: [], rest: modifiers };
  const { bounds, rest } = readShorthand(modifiers);
  return { range: [new Range(bounds)], rest };
}

function made(name: string, parameters: Json5, world: FilterWorld): Filter {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (!make) throw new BadFilter(`no filter ${name}`);
  return make(parameters, world);
}

/** Gates see every event as the record posted it; views change what is left of them. */
function inStages(filters: readonly Filter[]): Filter[] {
  const stage = (wanted: Filter['stage']) => filters.filter((filter) => filter.stage === wanted);
  return [...stage('gate'), ...stage('view')];
}
