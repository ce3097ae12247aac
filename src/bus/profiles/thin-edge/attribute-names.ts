import type { Attribute } from '../../../model/index.ts';
import { snakeCase } from '../../../model/index.ts';
import { hash } from './topic-id.ts';

/** Where an attribute is in a measurement: `{"ch1":{"value":…}}`, or at the root without a group. */
export interface AttributeName {
  /** `ch1`, `idx8000`; empty at the root. */
  readonly group: string;
  readonly member: string;
}

/** Keys of a measurement that mean something else (facts/mqtt.md sections 1.3 and 2.1). */
const reserved = new Set(['time', 'type', 'properties', 'externalSource']);

/** `ai_standard_channel_1_value`, `ai_standard_ch_1_sts_limit_1`, `ch1_cyclecount` */
const channel = /(?:^|_)(?:channel|ch)_?(\d+)(?=_|$)/;

/** The index of a CoE object at the end of an attribute's name. */
const coeIndex = /_(idx[0-9a-f]{4})$/;

type Named = Pick<Attribute, 'name' | 'description' | 'datatype'>;

/**
 * What the attributes of one controller are called in measurements, in their order: grouped by the
 * channel or the CoE object that they are of. Names that would be the same keep what sets them
 * apart in the plant.
 */
export function attributeNames(attributes: readonly Named[]): readonly AttributeName[] {
  const parts = attributes.map((attribute) => partsOf(attribute, attributes));
  const short = parts.map(({ group, rest }) => ({ group, member: member(rest) }));
  const isShared = shared(short);
  const long = parts.map(({ group, prefix, rest }, i) =>
    isShared(i) ? { group, member: member(prefix === '' ? rest : `${prefix}_${rest}`) } : named(i),
  );
  const isStillShared = shared(long);
  return long.map((name, i) =>
    isStillShared(i)
      ? { ...name, member: `${name.member}_${hash(attributes[i]?.name ?? '')}` }
      : name,
  );

  function named(i: number): AttributeName {
    return short[i] ?? { group: '', member: '' };
  }
}

/** `ch1_value`: how an attribute is called where there is no nesting. */
export function flatName({ group, member }: AttributeName): string {
  return group === '' ? member : `${group}_${member}`;
}

type Parts = { readonly group: string; readonly prefix: string; readonly rest: string };

function partsOf(attribute: Named, all: readonly Named[]): Parts {
  const { name } = attribute;
  const index = coeIndex.exec(name);
  if (index) return { group: index[1] ?? '', prefix: '', rest: name.slice(0, index.index) };
  const found = channel.exec(name);
  if (!found) return { group: '', prefix: '', rest: name };
  const prefix = name.slice(0, found.index);
  const rest = name.slice(found.index + found[0].length + 1).replace(/^sts_/, '');
  const own = new RegExp(`(^|_)ch_?${found[1]}_`);
  const group = `ch${found[1]}`;
  if (rest !== '') return { group, prefix, rest: rest.replace(own, '$1') };
  return { group, prefix, rest: wholeName(attribute, all) };
}

/** What an attribute that has the name of its channel is: the channel's value, or a word beside it. */
function wholeName({ name, description, datatype }: Named, all: readonly Named[]): string {
  const word = snakeCase(/\.([^.]+)$/.exec(description)?.[1] ?? '');
  if (word !== '') return word;
  const isBeside = datatype.kind !== 'bool' && all.some((each) => each.name === `${name}_value`);
  return isBeside ? 'status' : 'value';
}

/** `[A-Za-z][A-Za-z0-9_]*`, and nothing reserved. */
function member(text: string): string {
  const legal = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+/, '');
  const started = /^[A-Za-z]/.test(legal) ? legal : `n${legal}`;
  return reserved.has(started) ? `${started}_` : started;
}

/** Whether a name is also another's; groups have names of the root, too. */
function shared(names: readonly AttributeName[]): (index: number) => boolean {
  const counts = new Map<string, number>();
  const groups = new Set(names.map(({ group }) => group));
  for (const name of names) {
    const flat = flatName(name);
    counts.set(flat, (counts.get(flat) ?? 0) + 1);
  }
  return (index) => {
    const name = names[index];
    if (!name) return false;
    return (counts.get(flatName(name)) ?? 0) > 1 || (name.group === '' && groups.has(name.member));
  };
}
