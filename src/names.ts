import { connectAds } from './ads/index.ts';
import {
  type IocConfig,
  loadChain,
  loadTerminalDefinitions,
  type PlantConfig,
} from './config/index.ts';
import { createLog, Scope, systemClock } from './kernel/index.ts';
import { plantAddress } from './plant-address.ts';
import { type NamingRule, namedPvs } from './pv/index.ts';
import { recordSpecs } from './records/index.ts';
import { routeToUs } from './route-to-us.ts';
import { symbolTable } from './simulator/index.ts';
import {
  buildTree,
  type Definitions,
  discoverPlant,
  IoServer,
  type PlantController,
  type PlantTree,
  plantFactsOf,
  type TreeOptions,
} from './twincat/index.ts';

/** One PV, for people and tools that want to know without serving it. */
export interface PvLine {
  readonly name: string;
  readonly recordType: string;
  readonly access: 'read' | 'write';
  readonly unit: string;
  readonly description: string;
}

/** The PVs of a chain file's plant; nothing is connected. */
export function namesOfChain(
  chain: string,
  naming: NamingRule,
  terminals?: readonly string[],
  options?: TreeOptions,
): PvLine[] {
  const definitions = loadTerminalDefinitions(terminals);
  return pvLines(naming, treeOfChain(chain, definitions, options));
}

/** The PVs of a configuration, plant by plant; real plants are asked once what they have. */
export async function namesOfConfig(config: IocConfig): Promise<PvLine[]> {
  const definitions = loadTerminalDefinitions(config.terminals);
  const lines = config.plants.map(async (plant) => {
    const { target, prefix, tree } = plant;
    const found =
      target.kind === 'simulated'
        ? treeOfChain(target.chain, definitions, tree)
        : (await discoverTree(plant, definitions)).tree;
    return pvLines({ ...config.naming, prefix }, found);
  });
  return (await Promise.all(lines)).flat();
}

function treeOfChain(
  file: string,
  definitions: Definitions,
  options?: TreeOptions,
): PlantController {
  const chain = loadChain(file);
  const facts = plantFactsOf(chain, definitions, symbolTable(chain, definitions));
  return buildTree(facts, definitions, options).tree;
}

async function discoverTree(
  { source, timeout, target, tree }: PlantConfig,
  definitions: Definitions,
): Promise<PlantTree> {
  await using scope = new Scope();
  const log = createLog('warn');
  const address = await plantAddress(target, definitions, log, scope);
  const { transport, netId, symbolPort, errand } = address;
  if (errand) await routeToUs({ ...errand, log, clock: systemClock })(scope.signal);
  const client = scope.use(await connectAds({ transport, source, timeoutMs: timeout * 1000, log }));
  const facts = await discoverPlant(new IoServer(client, netId), { symbolPort, log });
  const found = buildTree(facts, definitions, tree);
  for (const problem of found.problems) log.warn(problem);
  return found;
}

/** The PVs of a tree, in its order. Throws `pv/name-collision` when two come to one name. */
function pvLines(naming: NamingRule, tree: PlantController): PvLine[] {
  return [...namedPvs(naming, tree)].map(([name, { role, attribute }]) => {
    const pair = attribute.access === 'rw' ? { pv: name, readback: name } : { pv: name };
    const { value, setpoint = value } = recordSpecs(attribute, pair);
    const { type: recordType } = role === 'readback' ? value : setpoint;
    const { unit = '', description } = attribute;
    return { name, recordType, access: role === 'setpoint' ? 'write' : 'read', unit, description };
  });
}
