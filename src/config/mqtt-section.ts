import { z } from 'zod';
import type { MqttConfig, MqttPsk } from '../ads/index.ts';
import { brokerUrl } from './broker-url.ts';
import { type Imported, importedRoute } from './imported-route.ts';
import { section } from './issue-text.ts';
import { word } from './scalars.ts';
import { isPskKey, key, PSK_KEY, password, secretOf } from './secret.ts';
import type { Surroundings } from './surroundings.ts';
import { tlsOf, tlsSection } from './tls-section.ts';

const network = z
  .string()
  .regex(/^[^+#/]+(\/[^+#/]+)*$/, 'must be levels of a topic, such as VirtualAmsNetwork1');

const psk = section({
  identity: word,
  ...key,
  ...password,
  identityCaseSensitive: z.boolean().exactOptional(),
});

const compat = section({
  tcpPrefix: z.boolean().exactOptional(),
  anyResponseTopic: z.boolean().exactOptional(),
});

/** A virtual AMS network on a broker: by its keys, by a route file of TwinCAT, or by both. */
export const mqttSection = section({
  url: brokerUrl.exactOptional(),
  topic: network.exactOptional(),
  routeFile: word.exactOptional(),
  routeName: word.exactOptional(),
  user: word.exactOptional(),
  ...password,
  tls: tlsSection.exactOptional(),
  psk: psk.exactOptional(),
  clientId: word.exactOptional(),
  displayName: word.exactOptional(),
  qos: z.literal([0, 1, 2]).exactOptional(),
  noRetain: z.boolean().exactOptional(),
  unidirectional: z.boolean().exactOptional(),
  notifyTopic: z.enum(['res', 'ams']).exactOptional(),
  keepAlive: z.int().min(1).max(65535).exactOptional(),
  compat: compat.exactOptional(),
}).check(({ value, issues }) => {
  const complain = (path: string[], message: string) =>
    issues.push({ code: 'custom', path, message, input: value });
  const { routeFile, routeName, url, topic } = value;
  if (value.tls && value.psk) complain(['psk'], 'is given beside tls; keep one of them');
  if (routeFile !== undefined) return;
  if (routeName !== undefined) complain(['routeName'], 'names a route of no file; give routeFile');
  if (url === undefined) complain(['url'], 'is missing; give the broker, mqtt://host:1883 say');
  if (topic === undefined) complain(['topic'], 'is missing; give the name of the virtual network');
});

type Given = z.infer<typeof mqttSection>;

/** Of the section within its plant. */
const PATH = ['mqtt'] as const;

/**
 * The network with all secrets and files read. What cannot be had is a complaint; `around` is that
 * of the plant.
 */
export function mqttConfigOf(given: Given, around: Surroundings): MqttConfig {
  const route = importedRoute(given, around);
  return {
    url: given.url ?? route.url ?? '',
    topic: given.topic ?? route.topic ?? '',
    user: given.user ?? route.user,
    password: secretOf(given, 'password', PATH, around) ?? route.password,
    ...securityOf(given, route, around),
    clientId: given.clientId ?? route.clientId,
    displayName: given.displayName,
    qos: given.qos,
    noRetain: given.noRetain ?? route.noRetain,
    unidirectional: given.unidirectional ?? route.unidirectional,
    notifyTopic: given.notifyTopic,
    keepAliveSeconds: given.keepAlive,
    ...(given.compat && { compat: given.compat }),
  };
}

/** Who gives tls or psk beside a route file wants nothing of the file's. */
function securityOf(
  { tls, psk }: Given,
  route: Imported,
  around: Surroundings,
): Pick<MqttConfig, 'tls' | 'psk'> {
  if (!tls && !psk) return { tls: route.tls, psk: route.psk };
  return { tls: tls && tlsOf(tls, [...PATH, 'tls'], around), psk: psk && pskOf(psk, around) };
}

function pskOf(given: NonNullable<Given['psk']>, around: Surroundings): MqttPsk {
  const path = [...PATH, 'psk'];
  const [key, password] = [
    secretOf(given, 'key', path, around),
    secretOf(given, 'password', path, around),
  ];
  const ways = ['key', 'keyFile', 'keyEnv', 'password', 'passwordFile', 'passwordEnv'] as const;
  const isGiven = ways.some((way) => given[way] !== undefined);
  if (!isGiven) around.complain(path, 'has no secret; give key (hex digits) or password');
  if (key !== undefined && password !== undefined) {
    around.complain(path, 'has a key and a password; keep one of them');
  }
  if (key !== undefined && !isPskKey(key)) around.complain(path, PSK_KEY);
  const { identity, identityCaseSensitive } = given;
  return { identity, key, password, identityCaseSensitive };
}
