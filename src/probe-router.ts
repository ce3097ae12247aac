import { addRoute, discoverRouter, type Route, type RouterIdentity } from './ads/index.ts';
import { messageOf } from './kernel/index.ts';
import type { Print } from './print.ts';

/** A router that can be asked over UDP. */
export interface RouterPlace {
  readonly host: string;
  /** UDP port of the router protocol. */
  readonly routerPort: number;
  /** Asks for this route to us. */
  readonly route: Route | undefined;
}

/** Prints who the router is; undefined when it does not say. */
export async function routerReport(
  { host, routerPort }: RouterPlace,
  timeoutMs: number,
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

/** Adds the route that is wished, if any; false when it could not be added. */
export async function routeAdded(
  { host, routerPort, route }: RouterPlace,
  timeoutMs: number,
  print: Print,
): Promise<boolean> {
  if (route === undefined) return true;
  try {
    await addRoute(host, route, { port: routerPort, timeoutMs });
    print('Route to us: added');
    return true;
  } catch (error) {
    print(`Route to us: not added: ${messageOf(error)}`);
    return false;
  }
}
