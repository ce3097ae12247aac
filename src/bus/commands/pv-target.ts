import type { PvField } from '../../pv/index.ts';
import type { Entity } from '../profiles/thin-edge/entity.ts';
import { CommandFailure } from './operation.ts';
import { nameOf, type PvClient } from './pv-client.ts';

/** What a command on a PV names: an attribute of its entity, or a PV. */
export interface PvNames {
  readonly attribute?: string | undefined;
  readonly pv?: string | undefined;
}

/** A PV that can be put to, and the one that tells what came of it. */
export interface PutTarget {
  readonly setpoint: PvField;
  /** The setpoint itself where nothing reads it back. */
  readonly readback: PvField;
}

/** What a put is to; throws a `CommandFailure` when there is no such thing. */
export function putTarget(names: PvNames, entity: Entity, client: PvClient): PutTarget {
  const { attribute, pv } = names;
  if ((attribute === undefined) === (pv === undefined)) {
    throw new CommandFailure('bad input: give attribute or pv, one of them');
  }
  if (pv !== undefined) {
    const setpoint = within(client.find(pv), entity);
    return { setpoint, readback: readBackOf(setpoint, entity, client) };
  }
  const { value, setpoint } = attributeOf(entity, attribute ?? '').source;
  if (setpoint === undefined) throw new CommandFailure(`${attribute} cannot be put to`);
  const field = client.find(setpoint);
  return { setpoint: field, readback: value === undefined ? field : client.find(value) };
}

/** The PV that tells how an attribute is, or a PV by its name. */
export function readTarget({ attribute, pv }: PvNames, entity: Entity, client: PvClient): PvField {
  if (pv !== undefined) return within(client.find(pv), entity);
  const { value, setpoint } = attributeOf(entity, attribute ?? '').source;
  return client.find(value ?? setpoint ?? '');
}

function attributeOf(entity: Entity, name: string) {
  const found = entity.attribute(name);
  if (!found) throw new CommandFailure(`${entity.id} has no attribute ${name}`);
  return found;
}

/** A PV that an attribute's wishes go to has the attribute's read-back. */
function readBackOf(setpoint: PvField, entity: Entity, client: PvClient): PvField {
  if (setpoint.field !== 'VAL') return setpoint;
  const name = nameOf(setpoint);
  const served = entity.attributes.find(({ source }) => source.setpoint === name);
  return served?.source.value === undefined ? setpoint : client.find(served.source.value);
}

/** Terminals answer for their own PVs, servers for those of their plant, the IOC for all. */
function within(field: PvField, { kind, node, id }: Entity): PvField {
  if (kind === 'ioc' || kind === 'host') return field;
  const path = node?.path ?? id;
  const rest = field.record.startsWith(path) ? field.record.slice(path.length) : 'x';
  if (/^(?![A-Za-z0-9_])/.test(rest)) return field;
  throw new CommandFailure(`${field.record} is no PV of ${id}: ask the IOC's own service for it`);
}
