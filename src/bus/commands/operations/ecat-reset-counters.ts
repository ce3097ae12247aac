import type { PvField } from '../../../pv/index.ts';
import type { Entity } from '../../profiles/thin-edge/entity.ts';
import type { JsonObject } from '../json.ts';
import { CommandFailure, type Operation } from '../operation.ts';
import { jsonOf, type PvClient } from '../pv-client.ts';

/** How long counters may take to be read again, in milliseconds: they are polled. */
const READ_MS = 5000;

/** Counters that the commands of a controller reset. */
const counters = /^(crc_error_(port_[a-d]|sum)|(sent|lost)_(a?cyclic)_frames)$/;

/** Puts all counters of errors and frames of a master or a slave to 0, by their command PVs. */
export function ecatResetCounters(client: PvClient): Operation {
  return {
    name: 'ecat_reset_counters',
    guard: 'control',
    capability: (entity) => {
      const resets = resetsOf(entity);
      return resets.length > 0 ? { resets: resets.map(({ id }) => id) } : undefined;
    },
    async run(_, { entity }, signal) {
      const resets = resetsOf(entity);
      if (resets.length === 0) throw new CommandFailure(`${entity.id} has no counters`);
      const fields = countersOf(entity, client);
      const before = valuesOf(fields);
      for (const { source } of resets) {
        const outcome = await client.put(client.find(source.setpoint ?? ''), 1, true, signal);
        if (outcome.kind === 'done') continue;
        throw new CommandFailure('text' in outcome ? outcome.text : 'the put was given up');
      }
      await settled(fields, client, signal);
      return { before, after: valuesOf(fields) };
    },
  };
}

function resetsOf({ attributes }: Entity) {
  return attributes.filter(({ source: { attribute, setpoint } }) => {
    return setpoint !== undefined && /^reset_.*_counters$/.test(attribute.name);
  });
}

function countersOf({ attributes }: Entity, client: PvClient): Map<string, PvField> {
  const found = new Map<string, PvField>();
  for (const { id, source } of attributes) {
    if (source.value === undefined || !counters.test(source.attribute.name)) continue;
    found.set(id, client.find(source.value));
  }
  return found;
}

function valuesOf(fields: ReadonlyMap<string, PvField>): JsonObject {
  return Object.fromEntries([...fields].map(([id, field]) => [id, jsonOf(field.read())]));
}

/** Each counter that was not 0 has been read again: what counts on may be above 0 then. */
async function settled(
  fields: ReadonlyMap<string, PvField>,
  client: PvClient,
  signal: AbortSignal,
): Promise<void> {
  const waits = [...fields.values()].map(async (field) => {
    const before = Number(field.read());
    using watch = client.watch(field);
    await watch.until(() => before === 0 || Number(field.read()) < before, READ_MS, signal);
  });
  await Promise.all(waits);
}
