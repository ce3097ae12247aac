import type { AmsPort } from '../ads/index.ts';
import {
  byteLength,
  type CoeEntry,
  type CoeObject,
  type TerminalDefinition,
} from '../model/index.ts';
import { coeOffset } from './coe.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import { coeEntry } from './master-regions.ts';
import { type PlantAttribute, presented } from './plant-attribute.ts';

/** Which protected CoE objects may be put nevertheless: by index, or all of them. */
export type CoeUnprotected = readonly number[] | 'all';

/**
 * The settings and identity objects of a terminal, each read once per session. Calibration and
 * vendor data can be put only where `unprotected` says so: a wrong value there spoils a terminal
 * for good.
 */
export function coeAttributes(
  { netId }: DeviceFacts,
  { address }: SlaveFacts,
  definition: TerminalDefinition,
  unprotected: CoeUnprotected = none,
): PlantAttribute[] {
  const target = { netId, port: address as AmsPort };
  return rowsOf(definition, unprotected).map(({ attribute, offset, length }) => {
    const region = coeEntry(target, offset, length);
    const place = { kind: 'region', region, byte: 0, bit: 0 } as const;
    const source = attribute.access === 'rw' ? { ...place, write: region } : place;
    return { ...attribute, source };
  });
}

const none: CoeUnprotected = [];

/** What the attribute of an object has in common with those of other terminals of the type. */
interface Row {
  readonly attribute: Omit<PlantAttribute, 'source'>;
  readonly offset: number;
  readonly length: number;
}

/** Rows of definitions that were wanted before: a plant has a thousand terminals of few types. */
const known = new WeakMap<CoeUnprotected & object, WeakMap<TerminalDefinition, readonly Row[]>>();

function rowsOf(definition: TerminalDefinition, unprotected: CoeUnprotected): readonly Row[] {
  const options = unprotected === 'all' ? all : unprotected;
  const byDefinition = known.get(options) ?? new WeakMap<TerminalDefinition, readonly Row[]>();
  known.set(options, byDefinition);
  const found = byDefinition.get(definition);
  if (found) return found;
  const rows = definition.coe.flatMap((object) =>
    object.entries.map((entry) => rowOf(object, entry, unprotected)),
  );
  byDefinition.set(definition, rows);
  return rows;
}

/** Stands for `all` among the keys. */
const all: readonly number[] = [];

function rowOf(object: CoeObject, entry: CoeEntry, unprotected: CoeUnprotected): Row {
  const { name, description, subindex, datatype } = entry;
  const canPut = entry.access === 'rw' && !isProtected(object, unprotected);
  return {
    attribute: {
      ...{ name, description: `${object.name}: ${description}`, datatype },
      access: canPut ? 'rw' : 'r',
      ...presented(name, datatype, entry),
    },
    offset: coeOffset({ index: object.index, subindex }),
    length: byteLength(datatype),
  };
}

function isProtected(object: CoeObject, unprotected: CoeUnprotected): boolean {
  return object.protected === true && unprotected !== 'all' && !unprotected.includes(object.index);
}
