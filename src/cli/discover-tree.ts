import { connectAds } from '../ads/index.ts';
import type { IocConfig } from '../config/index.ts';
import { createLog, Scope } from '../kernel/index.ts';
import { plantAddress } from '../plant-address.ts';
import {
  buildTree,
  type Definitions,
  discoverPlant,
  IoServer,
  type PlantController,
} from '../twincat/index.ts';

/** The tree of a plant that is asked once what it has. */
export async function discoverTree(
  config: IocConfig,
  definitions: Definitions,
): Promise<PlantController> {
  await using scope = new Scope();
  const log = createLog('warn');
  const { source, timeout, target } = config.plant;
  const { transport, netId, symbolPort } = await plantAddress(target, definitions, log, scope);
  const client = scope.use(await connectAds({ transport, source, timeoutMs: timeout * 1000, log }));
  const facts = await discoverPlant(new IoServer(client, netId), { symbolPort, log });
  const { tree, problems } = buildTree(facts, definitions);
  for (const problem of problems) log.warn(problem);
  return tree;
}
