import { connectAds } from './ads/index.ts';
import { type IocConfig, loadChain, loadTerminalDefinitions } from './config/index.ts';
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

/** The PVs of a configuration; a real plant is asked once what it has. */
export async function namesOfConfig(config: IocConfig, naming: NamingRule): Promise<PvLine[]> {
  const { target } = config.plant;
  if (target.kind === 'simulated')
    return namesOfChain(target.chain, naming, config.terminals, config.plant.tree);
  const definitions = loadTerminalDefinitions(config.terminals);
  return pvLines(naming, (await discoverTree(config, definitions)).tree);
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

async function discoverTree(config: IocConfig, definitions: Definitions): Promise<PlantTree> {
  await using scope = new Scope();
  const log = createLog('warn');
  const { source, timeout, target } = config.plant;
  const address = await plantAddress(target, definitions, log, scope);
  const { transport, netId, symbolPort, errand } = address;
  if (errand) await routeToUs({ ...errand, log, clock: systemClock })(scope.signal);
  const client = scope.use(await connectAds({ transport, source, timeoutMs: timeout * 1000, log }));
  const facts = await discoverPlant(new IoServer(client, netId), { symbolPort, log });
  const found = buildTree(facts, definitions, config.plant.tree);
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
