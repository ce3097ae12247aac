import {
  type AdsClient,
  type AdsConnectOptions,
  AdsState,
  type AmsNetId,
  type AmsPort,
  connectAds,
  type MqttConfig,
} from './ads/index.ts';
import { IocError, type Log, messageOf, Scope } from './kernel/index.ts';
import type { Print } from './print.ts';
import { foreignNetId, networkReport } from './probe-network.ts';
import { type RouterPlace, routeAdded, routerReport } from './probe-router.ts';
import { type IoDevice, IoServer, linkText, stateText } from './twincat/index.ts';

/** Which target to look at, and with what. */
export interface ProbeOptions {
  readonly target:
    | ({ readonly kind: 'host'; readonly port: number } & RouterPlace)
    | { readonly kind: 'mqtt'; readonly network: MqttConfig };
  /** NetId of the target; asked for unless told. */
  readonly netId: AmsNetId | undefined;
  readonly source: { readonly netId: AmsNetId | undefined; readonly port: AmsPort };
  readonly timeoutMs: number;
  readonly log: Log;
}

/**
 * Looks at a target as a new user would: its router, the route to us, or the virtual network and who
 * is on it; then its I/O server, devices and slaves. Prints what it finds and, where it stops, what
 * to do. Returns whether all was reached.
 */
export async function probe(options: ProbeOptions, print: Print): Promise<boolean> {
  const { target } = options;
  switch (target.kind) {
    case 'host':
      return probeHost(options, target, print);
    case 'mqtt':
      return probeNetwork(options, target.network, print);
  }
}

async function probeHost(
  { source, timeoutMs, log, ...options }: ProbeOptions,
  target: ProbeOptions['target'] & { readonly kind: 'host' },
  print: Print,
): Promise<boolean> {
  const { host, port } = target;
  const identity = await routerReport(target, timeoutMs, print);
  const netId = options.netId ?? identity?.netId;
  if (netId === undefined) {
    print('Its NetId is not known: give --net-id (TwinCAT: About, or System > Routes).');
    return false;
  }
  if (!(await routeAdded(target, timeoutMs, print))) return false;
  const transport = { kind: 'tcp', host, port, connectTimeoutMs: timeoutMs } as const;
  const connection = { transport, source, timeoutMs, log };
  return plantReport(`ADS over TCP ${host}:${port}`, connection, netId, print);
}

async function probeNetwork(
  { source, timeoutMs, log, ...options }: ProbeOptions,
  network: MqttConfig,
  print: Print,
): Promise<boolean> {
  // A name of its own, and no retained info: whoever serves from here must not be disturbed.
  const netId = source.netId ?? foreignNetId();
  const { clientId: _, ...shared } = network;
  const guest = { ...shared, noRetain: true, connectTimeoutMs: timeoutMs };
  const found = await networkReport(guest, { netId, log }, print);
  const target = found && (options.netId ?? found.only);
  if (target === undefined) return false;
  const transport = { kind: 'mqtt', ...guest, router: target } as const;
  const connection = { transport, source: { ...source, netId }, timeoutMs, log };
  return plantReport(`ADS over MQTT to ${target}`, connection, target, print);
}

async function plantReport(
  way: string,
  connection: AdsConnectOptions,
  netId: AmsNetId,
  print: Print,
): Promise<boolean> {
  await using scope = new Scope();
  let client: AdsClient | undefined;
  try {
    client = scope.use(await connectAds(connection));
    print(`${way}: connected; we are ${client.source.netId}`);
    const io = new IoServer(client, netId);
    await serverReport(io, connection, print);
    for (const device of await io.devices()) await deviceReport(io, device, print);
    return true;
  } catch (error) {
    print(`${way}: ${messageOf(error)}`);
    if (connection.transport.kind === 'tcp' && client && isSilence(client, error)) {
      const ours = client.source.netId;
      print(`  It has no route to ${ours}: add one on the target (TwinCAT: System > Routes),`);
      print('  or with --add-route.');
    }
    return false;
  }
}

/** Without a route to us a router takes the connection, then says nothing or closes it. */
function isSilence({ counters }: AdsClient, error: unknown): boolean {
  return counters.bytesReceived === 0 && error instanceof IocError;
}

async function serverReport(
  io: IoServer,
  { transport }: AdsConnectOptions,
  print: Print,
): Promise<void> {
  const [{ name, major, minor, build }, { adsState }] = await Promise.all([
    io.deviceInfo(),
    io.state(),
  ]);
  const state = Object.entries(AdsState).find(([, value]) => value === adsState)?.[0] ?? adsState;
  print(`  ${name} ${major}.${minor}.${build}, state ${String(state).toUpperCase()}`);
  if (transport.kind === 'tcp') print('  The route to us exists: it answers.');
}

async function deviceReport(io: IoServer, device: IoDevice, print: Print): Promise<void> {
  const { id, name, type, netId } = device;
  print(`${name} (id ${id}, type ${type}${netId ? `, NetId ${netId}` : ', no NetId'})`);
  if (!netId) return;
  const master = io.master(netId);
  const [state, count] = await Promise.all([master.state(), master.slaveCount()]);
  print(`  master ${stateText(state)}, ${count} slaves`);
  const [addresses, states, ...names] = await Promise.all([
    master.slaveAddresses(count),
    master.slaveStates(count),
    ...Array.from({ length: count }, (_, n) => master.slaveName(n)),
  ]);
  for (const [n, address] of addresses.entries()) {
    const { state: slave = 0, link = 0 } = states[n] ?? {};
    print(
      `  ${address}  ${(names[n] ?? '').padEnd(28)}  ${stateText(slave)}, link ${linkText(link)}`,
    );
  }
}
