import {
  type AdsConnectOptions,
  AdsState,
  type AmsNetId,
  type AmsPort,
  addRoute,
  connectAds,
  discoverRouter,
  type Route,
  type RouterIdentity,
} from './ads/index.ts';
import { type Log, messageOf, Scope } from './kernel/index.ts';
import { type IoDevice, IoServer, linkText, stateText } from './twincat/index.ts';

/** Which target to look at, and with what. */
export interface ProbeOptions {
  readonly host: string;
  /** AMS/TCP port. */
  readonly port: number;
  /** UDP port of the router protocol. */
  readonly routerPort: number;
  /** NetId of the target; asked for over UDP unless told. */
  readonly netId: AmsNetId | undefined;
  readonly source: { readonly netId: AmsNetId | undefined; readonly port: AmsPort };
  /** Adds this route first. */
  readonly route: Route | undefined;
  readonly timeoutMs: number;
  readonly log: Log;
}

/** Takes the report line by line, as it is found. */
export type Print = (line: string) => void;

/**
 * Looks at a target as a new user would: its router, the route to us, its I/O server, devices and
 * slaves. Prints what it finds and, where it stops, what to do. Returns whether all was reached.
 */
export async function probe(options: ProbeOptions, print: Print): Promise<boolean> {
  const identity = await routerReport(options, print);
  const netId = options.netId ?? identity?.netId;
  if (netId === undefined) {
    print(`Its NetId is not known: give --net-id (TwinCAT: About, or System > Routes).`);
    return false;
  }
  if (options.route && !(await routeAdded(options, options.route, print))) return false;
  return plantReport(options, netId, print);
}

async function routerReport(
  { host, routerPort, timeoutMs }: ProbeOptions,
  print: Print,
): Promise<RouterIdentity | undefined> {
  try {
    const found = await discoverRouter(host, { port: routerPort, timeoutMs });
    const { netId, hostName, twinCat, os } = found;
    print(`Router of ${host} (UDP ${routerPort})`);
    print(`  NetId     ${netId}`);
    if (hostName) print(`  Host      ${hostName}`);
    if (twinCat) print(`  TwinCAT   ${twinCat.major}.${twinCat.minor}.${twinCat.build}`);
    if (os) print(`  System    ${os}`);
    return found;
  } catch (error) {
    print(`Router of ${host}: ${messageOf(error)}`);
    print('  A firewall may drop UDP; TCP can work all the same.');
    return undefined;
  }
}

async function routeAdded(
  { host, routerPort, timeoutMs }: ProbeOptions,
  route: Route,
  print: Print,
): Promise<boolean> {
  try {
    await addRoute(host, route, { port: routerPort, timeoutMs });
    print('Route to us: added');
    return true;
  } catch (error) {
    print(`Route to us: not added: ${messageOf(error)}`);
    return false;
  }
}

async function plantReport(
  { host, port, source, timeoutMs, log }: ProbeOptions,
  netId: AmsNetId,
  print: Print,
): Promise<boolean> {
  await using scope = new Scope();
  const transport = { kind: 'tcp', host, port, connectTimeoutMs: timeoutMs } as const;
  const connection: AdsConnectOptions = { transport, source, timeoutMs, log };
  try {
    const client = scope.use(await connectAds(connection));
    print(`ADS over TCP ${host}:${port}: connected; we are ${client.source.netId}`);
    const io = new IoServer(client, netId);
    await serverReport(io, print);
    for (const device of await io.devices()) await deviceReport(io, device, print);
    return true;
  } catch (error) {
    print(`ADS over TCP ${host}:${port}: ${messageOf(error)}`);
    print(
      '  No route to us? Add one on the target (TwinCAT: System > Routes), or with --add-route.',
    );
    return false;
  }
}

async function serverReport(io: IoServer, print: Print): Promise<void> {
  const [{ name, major, minor, build }, { adsState }] = await Promise.all([
    io.deviceInfo(),
    io.state(),
  ]);
  const state = Object.entries(AdsState).find(([, value]) => value === adsState)?.[0] ?? adsState;
  print(`  ${name} ${major}.${minor}.${build}, state ${String(state).toUpperCase()}`);
  print('  The route to us exists: it answers.');
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
