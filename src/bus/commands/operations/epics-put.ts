import { z } from 'zod';
import { type Clock, nextTurn } from '../../../kernel/index.ts';
import type { PvField, PvValue } from '../../../pv/index.ts';
import { limitsOf, typeName } from '../../profiles/pv/meta-text.ts';
import { jsonWish } from '../../profiles/pv/wish.ts';
import type { Entity } from '../../profiles/thin-edge/entity.ts';
import { putFailure } from '../../put-failure.ts';
import { driveLimits, outOfLimits } from '../drive-limits.ts';
import { inputOf } from '../input.ts';
import type { Json, JsonObject } from '../json.ts';
import { CommandFailure, type Operation } from '../operation.ts';
import type { Permits } from '../permits.ts';
import { jsonOf, nameOf, type PvClient } from '../pv-client.ts';
import { type PutTarget, putTarget } from '../pv-target.ts';

/** How long a read-back may take to follow a put that is over, in milliseconds. */
const READ_BACK_MS = 2000;

/** How long a plant may take to tell its values to a process that has just begun. */
const FIRST_VALUE_MS = 10_000;

const target = z.object({ attribute: z.string().optional(), pv: z.string().optional() });
const input = z.object({
  value: z.json(),
  wait: z.boolean().default(true),
  timeoutMs: z.number().min(1).max(50_000).default(5000),
});

/** What puts over the bus work with. */
export interface PutMeans {
  readonly client: PvClient;
  readonly permits: Permits;
  readonly clock: Clock;
}

/**
 * Puts a value to an attribute of an entity, or to a PV, as every client of the IOC does: with its own
 * rights, within the drive limits, told to the put log. The answer is what the plant says afterwards.
 */
export function epicsPut(means: PutMeans): Operation {
  const operation: Operation = {
    name: 'epics_put',
    guard: 'write',
    capability: (entity) => capabilityOf(entity, means),
    subject: (given, entity) => {
      return nameOf(putTarget(inputOf(target, given), entity, means.client).setpoint);
    },
    run: async (given, { entity }, signal) => {
      const { value, ...how } = inputOf(input, given);
      const to = putTarget(inputOf(target, given), entity, means.client);
      return put(wished(value, to.setpoint, means.client), to, how, means, signal);
    },
    settle: async (given, { entity }, signal) => {
      const to = putTarget(inputOf(target, given), entity, means.client);
      const readback = await firstReading(to.readback, means, signal);
      return { status: 'failed', reason: 'interrupted, state unknown', result: { readback } };
    },
  };
  return operation;
}

/** The value of JSON as one for the PV; throws a `CommandFailure` when it is none, or too far. */
function wished(given: Json, field: PvField, { directory }: PvClient): PvValue {
  const value = jsonWish(given, field);
  if (value === undefined) {
    throw new CommandFailure(`${nameOf(field)} takes no such value: it is ${typeName(field)}`);
  }
  if (typeof value === 'object' && 'error' in value) throw new CommandFailure(value.error);
  const why = outOfLimits(field, value, directory);
  if (why !== undefined) throw new CommandFailure(why);
  return value;
}

async function put(
  value: PvValue,
  { setpoint, readback }: PutTarget,
  { wait, timeoutMs }: { readonly wait: boolean; readonly timeoutMs: number },
  { client, clock }: PutMeans,
  signal: AbortSignal,
): Promise<JsonObject> {
  using watch = client.watch(readback);
  const previous = jsonOf(readback.read());
  const before = setpoint.read();
  const late = new AbortController();
  const own = AbortSignal.any([signal, late.signal]);
  // Who does not wait does not cut short what was begun, either.
  const outcome = client.put(setpoint, value, wait, wait ? own : signal);
  const timer = clock.after(timeoutMs, () => late.abort());
  // What the record itself refuses is known at once.
  const known = await (wait ? outcome : Promise.race([outcome, nextTurn()]));
  timer[Symbol.dispose]();
  const why = known && putFailure(known, timeoutMs / 1000);
  if (why !== undefined) {
    throw new CommandFailure(why, { previous, readback: reading(client, readback) });
  }
  const isNoNews = before === setpoint.read() && isNear(readback, setpoint);
  if (wait && readback !== setpoint && !isNoNews) await follows(watch, setpoint, readback, signal);
  return { previous, ...told(client, setpoint, readback) };
}

/** Waits until the read-back says something new, unless it tells what was wished already. */
async function follows(
  watch: ReturnType<PvClient['watch']>,
  setpoint: PvField,
  readback: PvField,
  signal: AbortSignal,
): Promise<void> {
  const isThere = () => watch.updates > 0 || readback.read() === setpoint.read();
  await watch.until(isThere, READ_BACK_MS, signal);
}

/** But for the steps in which a plant counts. */
function isNear(readback: PvField, setpoint: PvField): boolean {
  const [a, b] = [Number(readback.read()), Number(setpoint.read())];
  return Math.abs(a - b) <= 1e-3 * Math.abs(b);
}

/** What an answer tells of a PV after a put. */
function told(client: PvClient, setpoint: PvField, readback: PvField): JsonObject {
  const { pv: _, ...rest } = reading(client, readback);
  return { ...rest, setpoint: jsonOf(setpoint.read()), pv: nameOf(setpoint) };
}

/** What may not be read may be put all the same. */
function reading(client: PvClient, field: PvField): JsonObject {
  return client.grant(field).read ? client.reading(field) : { pv: nameOf(field) };
}

/** As the plant tells it, once it does. */
async function firstReading(
  field: PvField,
  { client }: PutMeans,
  signal: AbortSignal,
): Promise<JsonObject> {
  using watch = client.watch(field);
  const isValid = () => client.directory.columns.severity[field.slot] !== 3;
  await watch.until(isValid, FIRST_VALUE_MS, signal);
  return reading(client, field);
}

/** What may be put of an entity, for forms: type, limits, unit, names of states. */
function capabilityOf(entity: Entity, { client, permits }: PutMeans): JsonObject | undefined {
  const operation = { name: 'epics_put', guard: 'write' } as const;
  const attributes: Record<string, JsonObject> = {};
  for (const { id, source } of entity.attributes) {
    const { setpoint } = source;
    const field = setpoint === undefined ? undefined : client.directory.find(setpoint);
    if (!field?.writable || permits.refusal(operation, nameOf(field)) !== undefined) continue;
    attributes[id] = described(field, client);
  }
  // These take any PV, whatever attributes they have.
  const isForPvs = entity.kind === 'ioc' || entity.kind === 'server';
  if (!isForPvs && Object.keys(attributes).length === 0) return undefined;
  return { attributes };
}

function described(field: PvField, { directory }: PvClient): JsonObject {
  const metadata = field.metadata();
  const { units, labels } = metadata;
  const { display } = limitsOf(field, metadata);
  const limits = driveLimits(field, directory);
  return {
    pv: nameOf(field),
    type: typeName(field),
    ...(field.maxCount > 1 && { count: field.maxCount }),
    ...(units !== '' && { unit: units }),
    ...(display && { range: { ...display } }),
    ...(limits && { limits: { ...limits } }),
    ...(labels.length > 0 && { enum: labels }),
  };
}
