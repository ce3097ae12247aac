import { messageOf } from '../../kernel/index.ts';

/** Why the broker does not hear us. */
export interface Failure {
  /**
   * - `unreachable`: nobody listens there.
   * - `refused`: somebody does, and turned us away; asking again helps only when something changes.
   * - `lost`: the connection stood.
   */
  readonly kind: 'unreachable' | 'refused' | 'lost';
  /** A sentence for the operator, with what to do. */
  readonly text: string;
}

/** What ended a connection, in words; `cause` is an error, a DISCONNECT packet, or nothing. */
export function failureOf(cause: unknown, wasAccepted: boolean, clientId: string): Failure {
  const code = codeOf(cause);
  if (wasAccepted) return { kind: 'lost', text: lostText(cause, code, clientId) };
  if (typeof code === 'number') return { kind: 'refused', text: refusalText(code, clientId) };
  const known = networkTexts[code ?? ''];
  if (known !== undefined) return { kind: 'unreachable', text: known };
  const tls = tlsText(code, cause);
  if (tls !== undefined) return { kind: 'refused', text: tls };
  return strangeFailure(cause, code);
}

/** Somebody is there, but is it a broker? */
function strangeFailure(cause: unknown, code: string | number | undefined): Failure {
  const hint = 'is it an MQTT broker, with or without TLS as configured?';
  if (cause === undefined) return { kind: 'refused', text: `closed before it answered: ${hint}` };
  const said = messageOf(cause);
  if (said === 'connack timeout')
    return { kind: 'unreachable', text: `no answer in time: ${hint}` };
  if (said.startsWith('Unexpected server response')) {
    return { kind: 'refused', text: `no WebSocket: ${said}; check the path of bus.url` };
  }
  if (code !== undefined) return { kind: 'unreachable', text: said || String(code) };
  return { kind: 'refused', text: `no MQTT: ${said}; ${hint}` };
}

/** A reason code of MQTT 5, or a return code of MQTT 3.1.1, in words. */
export function reasonText(code: number): string {
  return reasons[code] ?? `reason ${code}`;
}

function lostText(cause: unknown, code: string | number | undefined, clientId: string): string {
  if (cause === undefined) {
    return `closed by the broker: it stopped, or another client took our client id "${clientId}"`;
  }
  if (typeof code === 'number') return `ended by the broker: ${reasonText(code)}`;
  const said = messageOf(cause);
  if (said === 'Keepalive timeout') return 'silent: no answer to a ping';
  return said || String(code);
}

function refusalText(code: number, clientId: string): string {
  const hint = hints[code];
  return `login refused: ${reasonText(code)} (code ${code})${hint ? `; ${hint(clientId)}` : ''}`;
}

function codeOf(cause: unknown): string | number | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  const { code, reasonCode } = cause as { readonly code?: unknown; readonly reasonCode?: unknown };
  const found = code ?? reasonCode;
  return typeof found === 'string' || typeof found === 'number' ? found : undefined;
}

const networkTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the broker running, is the port right?',
  ENOTFOUND: 'name not resolved: check the host of bus.url, and DNS',
  EAI_AGAIN: 'name not resolved, no DNS server answers',
  ETIMEDOUT: 'no answer: is the host up, is there a firewall?',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ECONNRESET:
    'connection reset before login: is it an MQTT broker, with or without TLS as configured?',
};

const tlsTexts: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is self-signed; give it as bus.tls.ca if it is right',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is of an authority that we do not know; give that as bus.tls.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is of an authority that we do not know; give that as bus.tls.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is of an authority that we do not know; give that as bus.tls.ca',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: do our clocks agree?',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is of another host name; correct bus.url, or set bus.tls.ignoreHostName',
};

/** What OpenSSL says, by a part of it. */
const sslTexts: readonly (readonly [part: RegExp, text: string])[] = [
  [/certificate.required/i, 'it wants a certificate of ours; give bus.tls.cert and key'],
  [
    /wrong.version.number|packet.length/i,
    'it speaks no TLS there; correct the scheme or port of bus.url',
  ],
  [/no.application.protocol/i, 'it takes none of the protocols of bus.tls.alpn'],
];

function tlsText(code: string | number | undefined, cause: unknown): string | undefined {
  const known = tlsTexts[code ?? ''];
  if (known !== undefined) return `TLS: ${known}`;
  if (!/^(ERR_SSL|ERR_TLS|EPROTO|CERT_|UNABLE_TO_)/.test(String(code))) return undefined;
  const said = messageOf(cause).trim();
  const [, text] = sslTexts.find(([part]) => part.test(`${code} ${said}`)) ?? [];
  // write EPROTO 801C:error:0A000460:SSL routines:function:reason:file:line:
  const [, reason] = /SSL routines:[^:]*:([^:]+)/.exec(said) ?? [];
  return `TLS: ${text ?? reason ?? said}`;
}

const hints: Readonly<Record<number, (clientId: string) => string>> = {
  1: () => 'try another bus.version',
  2: (clientId) => `set another bus.clientId than "${clientId}"`,
  4: () => 'check bus.user and bus.password',
  5: (clientId) => `check bus.user, bus.password, and the rights of "${clientId}"`,
  132: () => 'try bus.version 3.1.1',
  133: (clientId) => `set another bus.clientId than "${clientId}"`,
  134: () => 'check bus.user and bus.password',
  135: (clientId) => `check bus.user, bus.password, and the rights of "${clientId}"`,
};

/** MQTT 3.1.1 table 3.1; MQTT 5 table 2.6. */
const reasons: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'client identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorised',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation specific error',
  132: 'unsupported protocol version',
  133: 'client identifier not valid',
  134: 'bad user name or password',
  135: 'not authorised',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  139: 'server shutting down',
  140: 'bad authentication method',
  141: 'keep-alive timeout',
  142: 'session taken over by another client with our client identifier',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'receive maximum exceeded',
  148: 'topic alias invalid',
  149: 'packet too large',
  150: 'message rate too high',
  151: 'quota exceeded',
  152: 'administrative action',
  153: 'payload format invalid',
  154: 'retain not supported',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  158: 'shared subscriptions not supported',
  159: 'connection rate exceeded',
  160: 'maximum connect time',
  162: 'wildcard subscriptions not supported',
};
