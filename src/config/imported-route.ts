import type { MqttConfig } from '../ads/index.ts';
import { readPems } from './pem-files.ts';
import { type MqttRoute, mqttRoutes, type RoutePsk } from './route-file.ts';
import { isPskKey, PSK_KEY } from './secret.ts';
import { type Surroundings, textNamed } from './surroundings.ts';

/** What the keys beside `routeFile` say of it. */
export interface RouteWish {
  readonly routeFile?: string;
  readonly routeName?: string;
  readonly url?: string;
  readonly topic?: string;
  readonly tls?: unknown;
  readonly psk?: unknown;
}

/** What a route tells of a virtual AMS network. */
export type Imported = { readonly [Key in keyof MqttConfig]?: MqttConfig[Key] | undefined };

type Complain = (message: string) => void;

/**
 * All that the wished route of the file tells; nothing without a file. Mistakes are complaints;
 * `around` is that of the plant.
 */
export function importedRoute(wish: RouteWish, around: Surroundings): Imported {
  if (wish.routeFile === undefined) return {};
  const complain: Complain = (message) => {
    around.complain(['mqtt', 'routeFile'], message);
  };
  const file = around.near(wish.routeFile);
  const text = textNamed(file, complain);
  if (text === undefined) return {};
  let isSound = true;
  const routes = mqttRoutes(file, text, (problem) => {
    isSound = false;
    around.report(problem);
  });
  const route = isSound ? chosen(routes, file, wish, around) : undefined;
  if (!route) return {};
  const at = { file, line: route.line, column: route.column, path: '' };
  return configOf(route, wish, (message) => around.report({ ...at, message }));
}

function chosen(
  routes: readonly MqttRoute[],
  file: string,
  { routeName }: RouteWish,
  around: Surroundings,
): MqttRoute | undefined {
  const fitting = routes.filter(({ name }) => routeName === undefined || name === routeName);
  const [only] = fitting;
  if (only && fitting.length === 1) return only;
  const names = routes.map(({ name = '(without name)' }) => name).join(', ');
  const [key, what] =
    routeName === undefined
      ? ['routeFile', 'has several routes; choose one by routeName']
      : [
          'routeName',
          `is the name of ${fitting.length} routes in ${file}; choose one that is there`,
        ];
  around.complain(['mqtt', key], `${what}: ${names}`);
  return undefined;
}

function configOf(route: MqttRoute, wish: RouteWish, complain: Complain): Imported {
  const { user, password, clientId, noRetain, unidirectional } = route;
  if (route.disabled) complain('the route is disabled in TwinCAT; enable it, or choose another');
  const lacks = (element: string, key: string) =>
    complain(`the route has no ${element}; give ${key} beside routeFile`);
  if (route.address === undefined && wish.url === undefined) lacks('Address', 'url');
  if (route.topic === undefined && wish.topic === undefined) lacks('Topic', 'topic');
  const isOverridden = wish.tls !== undefined || wish.psk !== undefined;
  const security = isOverridden ? {} : securityOf(route, complain);
  const url = urlOf(route);
  return {
    url,
    topic: route.topic,
    user,
    password,
    clientId,
    noRetain,
    unidirectional,
    ...security,
  };
}

function securityOf({ tls, psk }: MqttRoute, complain: Complain): Pick<MqttConfig, 'tls' | 'psk'> {
  if (psk) checkKey(psk, complain);
  const texts =
    tls && readPems(tls, (about, message) => complain(`${ELEMENTS[about]} of Tls: ${message}`));
  return { tls: texts && { ...texts, ignoreHostName: tls?.ignoreHostName }, psk };
}

const ELEMENTS = { ca: 'Ca', cert: 'Cert', key: 'Key' } as const;

function checkKey({ key }: RoutePsk, complain: Complain): void {
  if (key !== undefined && !isPskKey(key)) complain(`Psk ${PSK_KEY}`);
}

function urlOf({ address, port, tls, psk }: MqttRoute): string | undefined {
  if (address === undefined) return undefined;
  const scheme = tls || psk ? 'mqtts' : 'mqtt';
  const host = address.includes(':') ? `[${address}]` : address;
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}`;
}
