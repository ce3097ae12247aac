import { basename, dirname, resolve } from 'node:path';
import { DOMParser, type Element } from '@xmldom/xmldom';
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
  const root = rootOf(file, text, report);
  if (root === undefined) return [];
  const found = [root, ...children(root, 'RemoteConnections')].flatMap((at) =>
    children(at, 'Mqtt'),
  );
  if (found.length === 0) {
    const message = 'has no TcConfig/RemoteConnections/Mqtt: is it a route file of ADS over MQTT?';
    report({ file, line: root.lineNumber ?? 1, column: 1, path: '', message });
  }
  return found.map((element) => routeOf(element, file, report));
}

function rootOf(file: string, text: string, report: Report): Element | undefined {
  const stop = (_: string, message: string, { locator }: { locator?: Locator }) => {
    const { lineNumber: line = 1, columnNumber: column = 1 } = locator ?? {};
    // An ampersand that should have been &amp; may be one of a password.
    const why = message.replace(/&.*$/s, '&…').replace(/"[^"]*"/g, '…');
    report({ file, line: Math.max(line, 1), column, path: '', message: `not XML: ${why}` });
    throw new Error(message);
  };
  try {
    const parser = new DOMParser({ onError: stop });
    return parser.parseFromString(text, 'text/xml').documentElement ?? undefined;
  } catch {
    return undefined;
  }
}

interface Locator {
  readonly lineNumber?: number;
  readonly columnNumber?: number;
}

function routeOf(element: Element, file: string, report: Report): MqttRoute {
  const [address] = children(element, 'Address');
  const port = address && attributeOf(address, 'Port');
  if (address && port !== undefined && !isPort(port)) {
    report({ ...placeOf(address, file), message: 'Port must be a number from 1 to 65535' });
  }
  const [tls] = children(element, 'Tls');
  const [psk] = children(element, 'Psk');
  return {
    line: element.lineNumber ?? 1,
    column: element.columnNumber ?? 1,
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

function tlsOf(element: Element, file: string): RouteTls {
  const near = (path: string | undefined) =>
    path === undefined ? undefined : pathFrom(file, path);
  return {
    ca: children(element, 'Ca').flatMap((each) => near(trimmed(each)) ?? []),
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

function pskOf(element: Element, file: string, report: Report): RoutePsk | undefined {
  const identity = textOf(element, 'Identity');
  const [key, password] = [textOf(element, 'Key'), textOf(element, 'Pwd')];
  if (identity === undefined || (key === undefined && password === undefined)) {
    report({ ...placeOf(element, file), message: 'Psk needs Identity, and Key or Pwd' });
    return undefined;
  }
  // Where the attribute stands differs: on Psk, or on the identity itself.
  const [identityElement] = children(element, 'Identity');
  const identityCaseSensitive =
    flagOf(element, 'IdentityCaseSensitive') ??
    (identityElement && flagOf(identityElement, 'IdentityCaseSensitive'));
  return { identity, key, password, identityCaseSensitive };
}

function placeOf(element: Element, file: string): Omit<Problem, 'message'> {
  const { lineNumber: line = 1, columnNumber: column = 1 } = element;
  return { file, line, column, path: '' };
}

function children(element: Element, name: string): Element[] {
  return [...element.childNodes].filter(
    (node): node is Element => node.nodeType === node.ELEMENT_NODE && node.localName === name,
  );
}

function textOf(element: Element, name: string): string | undefined {
  const [child] = children(element, name);
  return child && trimmed(child);
}

function trimmed(element: Element): string | undefined {
  return element.textContent?.trim() || undefined;
}

function attributeOf(element: Element, name: string): string | undefined {
  return element.getAttribute(name)?.trim() || undefined;
}

function flagOf(element: Element, name: string): boolean | undefined {
  const text = attributeOf(element, name)?.toLowerCase();
  return text === undefined ? undefined : text === 'true' || text === '1';
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}
