import { IocError } from '../../kernel/index.ts';
import type { MqttConfig, MqttPsk } from './mqtt-link.ts';
import { childOf, childrenOf, parseXml, type XmlElement } from './xml.ts';

/** A broker of a TwinCAT route file; certificates are named by their files. */
export type MqttRoute = {
  /** Its label. */
  readonly name: string | undefined;
  /** TwinCAT knows it and does not use it. */
  readonly disabled: boolean;
  readonly network: Omit<MqttConfig, 'tls'>;
  readonly tlsFiles: MqttTlsFiles | undefined;
};

export type MqttTlsFiles = {
  readonly ca: readonly string[];
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ignoreHostName: boolean;
};

/**
 * The brokers of a TwinCAT route file (`TcConfig/RemoteConnections/Mqtt`, facts/ads-over-mqtt.md
 * section 8), in its order. Throws `ads/route-file` when it is no XML, or a broker lacks its address
 * or topic; messages tell no passwords.
 */
export function parseMqttRoutes(xml: string): MqttRoute[] {
  const root = parseXml(xml);
  if (!root) throw new IocError('ads/route-file', 'The route file is not well-formed XML');
  const connections = childrenOf(root, 'RemoteConnections');
  return connections.flatMap((each) => childrenOf(each, 'Mqtt')).map(mqttRoute);
}

function mqttRoute(mqtt: XmlElement, index: number): MqttRoute {
  const tls = childOf(mqtt, 'Tls');
  const psk = childOf(mqtt, 'Psk');
  const scheme = tls || psk ? 'mqtts' : 'mqtt';
  const host = required(mqtt, 'Address', index);
  const port = childOf(mqtt, 'Address')?.attributes.get('Port');
  const network = {
    url: `${scheme}://${host}${port === undefined ? '' : `:${port}`}`,
    topic: required(mqtt, 'Topic', index),
    user: textOf(mqtt, 'User'),
    password: textOf(mqtt, 'Pwd'),
    clientId: mqtt.attributes.get('ClientId'),
    noRetain: isTrue(mqtt, 'NoRetain'),
    unidirectional: isTrue(mqtt, 'Unidirectional'),
    psk: psk && pskOf(psk),
  };
  const disabled = isTrue(mqtt, 'Disabled');
  return { name: textOf(mqtt, 'Name'), disabled, network, tlsFiles: tls && tlsOf(tls) };
}

function tlsOf(tls: XmlElement): MqttTlsFiles {
  return {
    ca: childrenOf(tls, 'Ca').map(({ text }) => text),
    cert: textOf(tls, 'Cert'),
    key: textOf(tls, 'Key'),
    ignoreHostName: isTrue(tls, 'IgnoreCn'),
  };
}

function pskOf(psk: XmlElement): MqttPsk {
  return {
    identity: textOf(psk, 'Identity') ?? '',
    key: textOf(psk, 'Key'),
    password: textOf(psk, 'Pwd'),
    identityCaseSensitive: isTrue(psk, 'IdentityCaseSensitive'),
  };
}

function required(mqtt: XmlElement, name: string, index: number): string {
  const text = textOf(mqtt, name);
  if (text) return text;
  const which = textOf(mqtt, 'Name') ?? `number ${index + 1}`;
  throw new IocError('ads/route-file', `Broker ${which} of the route file has no ${name}`);
}

function textOf(element: XmlElement, name: string): string | undefined {
  return childOf(element, name)?.text;
}

function isTrue({ attributes }: XmlElement, name: string): boolean {
  const value = attributes.get(name)?.toLowerCase();
  return value === 'true' || value === '1';
}
