import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/bus/link/failure.ts';

const errorWith = (code: string | number, message = '') =>
  Object.assign(new Error(message), { code });

describe('why the broker does not hear us', () => {
  it.each([
    // MQTT 3.1.1, table 3.1.
    [1, 'refused', /unacceptable protocol version \(code 1\); try another bus\.version/],
    [2, 'refused', /client identifier rejected .*set another bus\.clientId than "ioc-1"/],
    [3, 'refused', /server unavailable \(code 3\)$/],
    [4, 'refused', /bad user name or password .*check bus\.user and bus\.password/],
    [5, 'refused', /not authorised .*the rights of "ioc-1"/],
    // MQTT 5, section 3.2.2.2.
    [132, 'refused', /unsupported protocol version .*try bus\.version 3\.1\.1/],
    [134, 'refused', /bad user name or password/],
    [138, 'refused', /banned/],
    [250, 'refused', /login refused: reason 250/],
    ['ECONNREFUSED', 'unreachable', /nothing listens there/],
    ['ENOTFOUND', 'unreachable', /name not resolved: check the host of bus\.url/],
    ['EAI_AGAIN', 'unreachable', /no DNS server answers/],
    ['ETIMEDOUT', 'unreachable', /is there a firewall/],
    ['EHOSTUNREACH', 'unreachable', /host unreachable/],
    ['CERT_HAS_EXPIRED', 'refused', /^TLS: its certificate has expired/],
    ['CERT_NOT_YET_VALID', 'refused', /do our clocks agree/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'refused', /self-signed; give it as bus\.tls\.ca/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'refused', /authority that we do not know/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'refused', /speaks no TLS there/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused', /give bus\.tls\.cert and key/],
  ])('%s: %s, %s', (code, kind, text) => {
    const failure = failureOf(errorWith(code), false, 'ioc-1');
    expect(failure).toEqual({ kind, text: expect.stringMatching(text) });
  });

  it('is the reason alone of what OpenSSL says', () => {
    const said =
      'write EPROTO 80:error:0A0:SSL routines:ssl3_read_bytes:tlsv1 bad thing:rec.c:16:\n';
    expect(failureOf(errorWith('EPROTO', said), false, '').text).toBe('TLS: tlsv1 bad thing');
  });

  it('is in the words of others where we have none', () => {
    expect(failureOf(errorWith('ERR_TLS_NEW', 'odd'), false, '')).toEqual({
      kind: 'refused',
      text: 'TLS: odd',
    });
    expect(failureOf(errorWith('EODD', 'odd'), false, '')).toEqual({
      kind: 'unreachable',
      text: 'odd',
    });
    expect(failureOf(new Error('odd'), false, '').text).toMatch(
      /^no MQTT: odd; is it an MQTT broker/,
    );
    expect(failureOf(undefined, false, '').text).toMatch(/^closed before it answered/);
  });

  it('is told of connections that stood, too', () => {
    const text = (cause: unknown) => failureOf(cause, true, 'ioc-1').text;
    expect(text(undefined)).toBe(
      'closed by the broker: it stopped, or another client took our client id "ioc-1"',
    );
    expect(text({ cmd: 'disconnect', reasonCode: 142 })).toMatch(
      /^ended by the broker: session taken/,
    );
    expect(text({ cmd: 'disconnect', reasonCode: 149 })).toBe(
      'ended by the broker: packet too large',
    );
    expect(text(new Error('Keepalive timeout'))).toBe('silent: no answer to a ping');
    expect(text(errorWith('ECONNRESET', 'read ECONNRESET'))).toBe('read ECONNRESET');
  });
});
