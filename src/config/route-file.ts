import { basename, dirname, resolve } from 'node:path';
import { childrenOf, parseXml, type XmlElement } from '../kernel/index.ts';
import type { Problem } from './config-error.ts';

/**
 * An MQTT route of TwinCAT, as far as its file tells (facts/ads-over-mqtt.md section 8). Paths are
 * absolute.
 */
export interface MqttRoute {
  readonly line: number;
  readonly column: number;
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly topic?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly clientId?: string | undefined;
  readonly noRetain?: boolean | undefined;
  readonly unidirectional?: boolean | undefined;
  readonly disabled: boolean;
  readonly tls?: RouteTls | undefined;
  readonly psk?: RoutePsk | undefined;
}

export interface RouteTls {
  readonly ca: readonly string[];
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ignoreHostName?: boolean | undefined;
}

export interface RoutePsk {
  readonly identity: string;
  readonly key?: string | undefined;
  readonly password?: string | undefined;
  readonly identityCaseSensitive?: boolean | undefined;
}

type Report = (problem: Problem) => void;

/**
 * The MQTT routes in the text of a route file (`TcConfig/RemoteConnections/Mqtt`). What it says
 * beside is TwinCAT's business and left alone. Values are no part of a problem: they may be secret.
 */
export function mqttRoutes(file: string, text: string, report: Report): readonly MqttRoute[] {
  const document = parseXml(text);
  if (document.kind === 'malformed') {
    const { line, column, why } = document;
    report({ file, line, column, path: '', message: `not XML: ${why}` });
    return [];
  }
  const { root } = document;
  const found = [root, ...childrenOf(root, 'RemoteConnections')].flatMap((at) =>
    childrenOf(at, 'Mqtt'),
  );
  if (found.length === 0) {
    const message = 'has no TcConfig/RemoteConnections/Mqtt: is it a route file of ADS over MQTT?';
    report({ ...placeOf(root, file), message });
  }
  return found.map((element) => routeOf(element, file, report));
}

function routeOf(element: XmlElement, file: string, report: Report): MqttRoute {
  const [address] = childrenOf(element, 'Address');
  const port = address && attributeOf(address, 'Port');
  if (address && port !== undefined && !isPort(port)) {
    report({ ...placeOf(address, file), message: 'Port must be a number from 1 to 65535' });
  }
  const [tls] = childrenOf(element, 'Tls');
  const [psk] = childrenOf(element, 'Psk');
  return {
    line: element.line,
    column: element.column,
    name: textOf(element, 'Name'),
    address: textOf(element, 'Address'),
    port: port === undefined ? undefined : Number(port),
    topic: textOf(element, 'Topic'),
    user: textOf(element, 'User'),
    password: textOf(element, 'Pwd'),
    clientId: attributeOf(element, 'ClientId'),
    noRetain: flagOf(element, 'NoRetain'),
    unidirectional: flagOf(element, 'Unidirectional'),
    disabled: flagOf(element, 'Disabled') ?? false,
    tls: tls && tlsOf(tls, file),
    psk: psk && pskOf(psk, file, report),
  };
}

function tlsOf(element: XmlElement, file: string): RouteTls {
  const near = (path: string | undefined) =>
    path === undefined ? undefined : pathFrom(file, path);
  return {
    ca: childrenOf(element, 'Ca').flatMap((each) => near(each.text || undefined) ?? []),
    cert: near(textOf(element, 'Cert')),
    key: near(textOf(element, 'Key')),
    ignoreHostName: flagOf(element, 'IgnoreCn'),
  };
}

/** Files that lie somewhere on a Windows are looked for beside the route file. */
function pathFrom(file: string, path: string): string {
  const isOfWindows = /^([a-z]:)?[\\]/i.test(path) && !process.platform.startsWith('win');
  return resolve(dirname(file), isOfWindows ? basename(path.replaceAll('\\', '/')) : path);
}

function pskOf(element: XmlElement, file: string, report: Report): RoutePsk | undefined {
  const identity = textOf(element, 'Identity');
  const [key, password] = [textOf(element, 'Key'), textOf(element, 'Pwd')];
  if (identity === undefined || (key === undefined && password === undefined)) {
    report({ ...placeOf(element, file), message: 'Psk needs Identity, and Key or Pwd' });
    return undefined;
  }
  // Where the attribute stands differs: on Psk, or on the identity itself.
  const [identityElement] = childrenOf(element, 'Identity');
  const identityCaseSensitive =
    flagOf(element, 'IdentityCaseSensitive') ??
    (identityElement && flagOf(identityElement, 'IdentityCaseSensitive'));
  return { identity, key, password, identityCaseSensitive };
}

function placeOf({ line, column }: XmlElement, file: string): Omit<Problem, 'message'> {
  return { file, line, column, path: '' };
}

function textOf(element: XmlElement, name: string): string | undefined {
  const [child] = childrenOf(element, name);
  return child?.text || undefined;
}

function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(name)?.trim() || undefined;
}

function flagOf(element: XmlElement, name: string): boolean | undefined {
  const text = attributeOf(element, name)?.toLowerCase();
  return text === undefined ? undefined : text === 'true' || text === '1';
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}
