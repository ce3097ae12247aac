import { networkInterfaces } from 'node:os';
import { type AmsNetId, amsNetId, type MqttConfig, openTransport, type Peer } from './ads/index.ts';
import { type Log, messageOf, Scope, sleep } from './kernel/index.ts';
import type { Print } from './print.ts';

/** How long peers that retain no info may take to greet us: they do so once in a second. */
const GREETING_MS = 1200;

/** A NetId of this computer that no TwinCAT and no IOC would take: `<our IPv4>.99.1`. */
export function foreignNetId(): AmsNetId {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const ours = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return amsNetId(`${ours?.address ?? '127.0.0.1'}.99.1`);
}

/**
 * Joins a virtual AMS network and prints who else is there. Resolves with the only one that can be
 * asked, if it is the only one; undefined when there is no network.
 */
export async function networkReport(
  network: MqttConfig,
  means: { readonly netId: AmsNetId; readonly log: Log },
  print: Print,
): Promise<{ readonly only: AmsNetId | undefined } | undefined> {
  await using scope = new Scope();
  try {
    const config = { kind: 'mqtt', ...network } as const;
    const transport = scope.use(await openTransport(config, means, () => {}));
    print(`Virtual AMS network ${transport.peer}: joined as ${means.netId}`);
    await sleep(GREETING_MS);
    const peers = [...(transport.peers?.() ?? [])].sort((a, b) => a.netId.localeCompare(b.netId));
    for (const peer of peers) print(`  ${peerText(peer)}`);
    return { only: onlyTarget(peers, print) };
  } catch (error) {
    print(`Virtual AMS network "${network.topic}": ${messageOf(error)}`);
    return undefined;
  }
}

function peerText({ netId, online, name, tcVersion, osVersion, unidirectional }: Peer): string {
  return [
    netId.padEnd(23),
    (online ? 'online' : 'offline').padEnd(7),
    name,
    ...(tcVersion ? [`TwinCAT ${tcVersion}`] : []),
    ...(osVersion ? [`system ${osVersion}`] : []),
    ...(unidirectional ? ['takes no requests'] : []),
  ].join('  ');
}

function onlyTarget(peers: readonly Peer[], print: Print): AmsNetId | undefined {
  const askable = peers.filter(({ online, unidirectional }) => online && !unidirectional);
  const [first] = askable;
  if (first && askable.length === 1) return first.netId;
  if (first) print('Which of them is it? Give --net-id.');
  else print('Nobody there can be asked. Is the topic right, and the route enabled in TwinCAT?');
  return undefined;
}
