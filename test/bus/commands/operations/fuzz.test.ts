import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coeRead, coeWrite } from '../../../../src/bus/commands/operations/coe.ts';
import { ecatSetState } from '../../../../src/bus/commands/operations/ecat-set-state.ts';
import { epicsGet } from '../../../../src/bus/commands/operations/epics-get.ts';
import { epicsPut } from '../../../../src/bus/commands/operations/epics-put.ts';
import { restart } from '../../../../src/bus/commands/operations/restart.ts';
import {
  CommandFailure,
  type JsonObject,
  type Operation,
  type PlantAccess,
} from '../../../../src/bus/index.ts';
import { f32 } from '../../../../src/model/index.ts';
import { attribute, nodeAt } from '../../../support/thin-edge/hand-made-nodes.ts';
import { PvWorld } from './pv-world.ts';

const database = `
  record(ao, "BL07:MOD3:Limit") { field(DRVL, "0") field(DRVH, "12") }
  record(bo, "BL07:MOD3:Valve") { }
  record(waveform, "BL07:MOD3:Row") { field(FTVL, "LONG") field(NELM, "4") }
  record(stringout, "BL07:MOD3:Note") { }`;
const names = ['limit', 'valve', 'row', 'note'];
const attributes = names.map((name) => attribute(name, { datatype: f32, access: 'w' }));
const nodes = [nodeAt('BL07', 'server', []), nodeAt('BL07:MOD3', 'terminal', attributes)];

/** A plant whose objects have two bytes. */
const plants: PlantAccess = {
  coeObject: () => ({}),
  readCoe: async () => Uint8Array.of(1, 2),
  writeCoe: async () => {},
  alStatusCode: async () => 0,
  setSystem: async () => {},
};

/** Fields that operations know, with what they know and with anything else. */
const input = fc.dictionary(
  fc.constantFrom(
    ...['attribute', 'attributes', 'pv', 'pvs', 'value', 'wait', 'state', 'mode', 'index'],
    ...['subindex', 'type', '__proto__', 'constructor'],
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...names, 'BL07:MOD3:Limit', 'BL07:MOD3:Limit.EGU', 'OP', '0x8000', 'UINT'),
    fc.constantFrom<JsonObject[keyof JsonObject]>(true, 1, -1, 1e308, [1], ['limit'], []),
  ),
  { maxKeys: 5 },
);

describe('operations', () => {
  const world = new PvWorld(database, nodes);
  const all = { client: world.client, plants };
  const operations: readonly Operation[] = [
    epicsGet(world.client),
    epicsPut(world.means),
    ecatSetState(all),
    coeRead(plants),
    coeWrite(all),
    restart({ plants, restartIoc: undefined }),
  ];

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    'say in words what is wrong with any input: %s',
    async (_, operation) => {
      const topicId = fc.constantFrom('device/BL07_MOD3//', 'device/BL07//');
      await fc.assert(
        fc.asyncProperty(input, topicId, async (given, id) => {
          const fields = JSON.parse(JSON.stringify(given));
          try {
            expect(typeof JSON.stringify(await world.run(operation, fields, id))).toBe('string');
            expect(Number(world.value('BL07:MOD3:Limit'))).toBeLessThanOrEqual(12);
          } catch (error) {
            expect(error).toBeInstanceOf(CommandFailure);
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});
