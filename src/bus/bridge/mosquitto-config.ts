import { IocError } from '../../kernel/index.ts';
import { brokerPlace } from '../../mqtt/index.ts';
import type { BridgeOptions } from './options.ts';

/** The other broker, as mosquitto is to reach it. */
export interface MosquittoRemote {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly clientId: string;
  readonly version: '3.1.1' | '5';
  /** Seconds. */
  readonly keepAlive: number;
  readonly tls?:
    | {
        readonly ignoreHostName?: boolean | undefined;
        readonly alpn?: readonly string[] | undefined;
      }
    | undefined;
  /** Absolute paths of PEM files. */
  readonly files: {
    readonly ca: readonly string[];
    readonly cert: string | undefined;
    readonly key: string | undefined;
  };
}

/** Where Debian keeps the authorities that everybody trusts. */
const SYSTEM_AUTHORITIES = '/etc/ssl/certs';

/**
 * The section of mosquitto.conf that makes mosquitto (2.0 or newer) carry what a bridge carries.
 * Without `withSecrets` a password is left out, and said to be. Throws `bus/mosquitto-bridge` for
 * what mosquitto cannot do.
 */
export function mosquittoBridge(
  options: BridgeOptions,
  remote: MosquittoRemote,
  { withSecrets }: { readonly withSecrets: boolean },
): string {
  const { name, rules, isPrivate, maxPacket } = options;
  const lines = [
    `# ${name}: what mosquitto carries to another broker, made by \`twincat-ioc bridge\``,
    ...remoteLines(name, remote, withSecrets),
    line(name, 'local_clientid', `bridge-${name}`),
    'cleansession false',
    `try_private ${isPrivate.remote}`,
    'start_type automatic',
    'restart_timeout 1 30',
    line(name, 'keepalive_interval', Math.max(5, remote.keepAlive)),
    // What a mapper of thin-edge.io looks at to know whether the cloud is reached.
    'notifications true',
    'notifications_local_only true',
    line(
      name,
      'notification_topic',
      `te/device/main/service/mosquitto-${name}-bridge/status/health`,
    ),
    ...(maxPacket === undefined ? [] : [`bridge_max_packet_size ${maxPacket}`]),
    ...rules.flatMap(({ topics, direction, qos, local, remote: there }) =>
      topics.map((topic) => {
        const [from, to] = [local, there].map((each) => part(name, each));
        return `topic ${part(name, topic)} ${direction} ${qos} ${from} ${to}`;
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function remoteLines(name: string, remote: MosquittoRemote, withSecrets: boolean): string[] {
  const place = brokerPlace(remote.url, remote.tls !== undefined);
  if (place.scheme.startsWith('ws')) throw unable(name, 'mosquitto bridges no WebSockets');
  const { user = place.user, password = place.password } = remote;
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  return [
    line(name, 'connection', name),
    line(name, 'address', `${host}:${place.port}`),
    `bridge_protocol_version ${remote.version === '5' ? 'mqttv50' : 'mqttv311'}`,
    line(name, 'remote_clientid', remote.clientId),
    ...(user === undefined ? [] : [line(name, 'remote_username', user)]),
    ...(password === undefined ? [] : [passwordLine(name, password, withSecrets)]),
    ...(place.scheme === 'mqtts' ? tlsLines(name, remote) : []),
  ];
}

function tlsLines(name: string, { tls, files }: MosquittoRemote): string[] {
  const [ca, ...more] = files.ca;
  if (more.length > 0) throw unable(name, 'mosquitto takes one file of authorities; join them');
  const [protocol, ...others] = tls?.alpn ?? [];
  if (others.length > 0) throw unable(name, 'mosquitto takes one protocol as alpn');
  return [
    ca === undefined
      ? `bridge_capath ${SYSTEM_AUTHORITIES}`
      : line(name, 'bridge_cafile', ca, SPACED),
    ...(files.cert === undefined ? [] : [line(name, 'bridge_certfile', files.cert, SPACED)]),
    ...(files.key === undefined ? [] : [line(name, 'bridge_keyfile', files.key, SPACED)]),
    ...(protocol === undefined ? [] : [line(name, 'bridge_alpn', protocol)]),
    ...(tls?.ignoreHostName ? ['bridge_insecure true'] : []),
  ];
}

function passwordLine(name: string, password: string, withSecrets: boolean): string {
  if (withSecrets) return line(name, 'remote_password', password, SPACED);
  return '# remote_password is left out: use --output FILE, which only you may read then';
}

/** Values that may hold spaces: they go to the end of the line. */
const SPACED = /^[^\p{Cc}]+$/u;
const WORD = /^[^\p{Cc}\s]+$/u;

/** Of a line with several: none may have spaces, and one that is empty is written so. */
function part(name: string, text: string): string {
  if (text === '' || WORD.test(text)) return text || '""';
  throw unable(name, `mosquitto cannot have the topic "${text}": it has spaces`);
}

/** A line cannot be broken, whatever the configuration holds. */
function line(name: string, key: string, value: string | number, allowed = WORD): string {
  if (allowed.test(String(value))) return `${key} ${value}`;
  throw unable(name, `mosquitto cannot have this ${key}: it has spaces or control characters`);
}

function unable(name: string, why: string): IocError {
  return new IocError('bus/mosquitto-bridge', `Bridge ${name} cannot be mosquitto's: ${why}`);
}
