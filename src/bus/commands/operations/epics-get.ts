import { z } from 'zod';
import { inputOf } from '../input.ts';
import type { JsonObject } from '../json.ts';
import { CommandFailure, type Operation } from '../operation.ts';
import type { PvClient } from '../pv-client.ts';
import { readTarget } from '../pv-target.ts';

/** Most values that one command asks for by name. */
const MOST = 1000;

const names = z.array(z.string().min(1)).max(MOST);
const input = z.object({ attributes: names.optional(), pvs: names.optional() });

/**
 * Reads attributes of an entity, and PVs: `{"attributes":["ch1_value"]}`, `{"pvs":["BL07:X.EGU"]}`; all
 * attributes of a controller when nothing is named.
 */
export function epicsGet(client: PvClient): Operation {
  return {
    name: 'epics_get',
    guard: 'read',
    capability: ({ kind, attributes }) => {
      if (kind === 'link') return undefined;
      return { attributes: attributes.map(({ id }) => id) };
    },
    async run(given, { entity }) {
      const { attributes, pvs } = inputOf(input, given);
      const all = attributes ?? (pvs ? [] : entity.attributes.map(({ id }) => id));
      if (all.length === 0 && (pvs ?? []).length === 0) {
        throw new CommandFailure(`${entity.id} has no attributes: name pvs`);
      }
      const values: Record<string, JsonObject> = {};
      for (const attribute of all) {
        values[attribute] = client.reading(readTarget({ attribute }, entity, client));
      }
      for (const pv of pvs ?? []) {
        values[pv] = client.reading(readTarget({ pv }, entity, client));
      }
      return { values };
    },
  };
}
