import { z } from 'zod';
import type { AmsNetId, AmsPort, MqttConfig } from '../ads/index.ts';
import { section } from './issue-text.ts';
import { mqttConfigOf, mqttSection } from './mqtt-section.ts';
import { type RouteRequest, routeRequestOf, routeSection } from './route-section.ts';
import { amsPort, namePart, netId, seconds, tcpPort, unsigned, word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** Which plant the IOC serves. */
export type PlantTarget =
  | {
      readonly kind: 'address';
      readonly host: string;
      readonly port: number;
      readonly netId: AmsNetId;
      readonly symbolPort: AmsPort;
      /** The route to us that its router is asked for before we connect. */
      readonly route?: RouteRequest | undefined;
    }
  /** A peer of a virtual AMS network on an MQTT broker. */
  | {
      readonly kind: 'mqtt';
      readonly network: MqttConfig;
      readonly netId: AmsNetId;
      readonly symbolPort: AmsPort;
    }
  /** The IOC starts a simulated plant and serves that one. */
  | {
      readonly kind: 'simulated';
      /** Path of the chain file. */
      readonly chain: string;
      /** TCP port of the simulation, 0 for any that is free. */
      readonly port: number;
      /** Seconds. */
      readonly cycle: number;
    };

const source = section({ netId: netId.exactOptional(), port: amsPort.prefault(8000) });
const retry = section({
  first: seconds(0.01, 3600).default(1),
  longest: seconds(0.01, 3600).default(30),
});

const plant = {
  host: word.exactOptional(),
  port: tcpPort.default(48898),
  mqtt: mqttSection.exactOptional(),
  netId: netId.exactOptional(),
  symbolPort: amsPort.prefault(27905),
  symbols: z.enum(['defined', 'all']).default('defined'),
  otherSymbols: z.boolean().default(false),
  coe: section({
    writable: z.union([z.array(unsigned(16)), z.literal('all')]).default([]),
  }).prefault({}),
  source: source.prefault({}),
  route: routeSection.exactOptional(),
  timeout: seconds(0.1, 600).default(5),
  retry: retry.prefault({}),
} as const;

export const simulateSection = section({
  chain: word,
  port: tcpPort.default(0),
  cycle: seconds(0.001, 10).default(0.01),
});

/** The only plant of an IOC. */
export const plantSection = section({ name: namePart.default('plant'), ...plant });

/** One plant of several. */
export const plantEntry = section({
  name: namePart,
  prefix: namePart.exactOptional(),
  simulate: simulateSection.exactOptional(),
  ...plant,
});

export type PlantGiven = z.infer<typeof plantSection>;
export type SimulateGiven = z.infer<typeof simulateSection>;

/** About a key of a plant; `simulate` lies beside an only plant, and in one of several. */
export type Complain = (path: readonly PropertyKey[], message: string) => void;

/** Exactly one way to a plant must be given, and all that it takes. */
export function checkTarget(
  given: PlantGiven | undefined,
  simulate: SimulateGiven | undefined,
  complain: Complain,
): void {
  const { host, mqtt, route } = given ?? {};
  const beside = host === undefined ? 'mqtt' : 'host';
  if (simulate && (host !== undefined || mqtt)) {
    complain(['simulate'], `is given beside ${beside} of the plant; keep one of them`);
  }
  if (host !== undefined && mqtt) {
    complain(['mqtt'], 'is given beside host; keep one of them');
  } else if (route && host === undefined) {
    complain(['route'], 'is for a controller by its address; give host, or no route');
  }
  if (simulate) return;
  checkNetIds(given, complain);
}

function checkNetIds(given: PlantGiven | undefined, complain: Complain): void {
  const what = given ? 'is missing; give' : 'is missing; give (or simulate a plant)';
  if (given?.host === undefined && !given?.mqtt) {
    const or = given ? ' (or mqtt, a broker)' : '';
    complain(['host'], `${what} the name or address of the controller${or}`);
  }
  if (given?.netId === undefined) {
    complain(['netId'], `${what} the AMS NetId of the controller, six numbers with dots`);
  }
  if (given?.mqtt && given.source.netId === undefined) {
    const why = 'on a broker nobody can make one of our address';
    complain(['source', 'netId'], `is missing; give an AMS NetId of our own: ${why}`);
  } else if (given?.mqtt && given.source.netId === given.netId) {
    complain(['source', 'netId'], 'is the NetId of the plant; give one of our own');
  }
}

/** The plant of a section that passed `checkTarget`. */
export function targetOf(
  { host = '', port, netId, symbolPort, mqtt, route, source }: PlantGiven,
  simulate: SimulateGiven | undefined,
  around: Surroundings,
): PlantTarget {
  if (simulate) return { kind: 'simulated', ...simulate, chain: around.near(simulate.chain) };
  // checkTarget has refused a file without host or NetId.
  const plant = { netId: netId as AmsNetId, symbolPort };
  if (mqtt) return { kind: 'mqtt', network: mqttConfigOf(mqtt, around), ...plant };
  const asked = route && routeRequestOf(route, source.netId, around);
  return { kind: 'address', host, port, ...plant, ...(asked && { route: asked }) };
}
