import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BusState } from '../../../src/bus/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey, otherCa } from '../../ads/certificates.ts';
import {
  aedesBroker,
  aedesWebBroker,
  dynamicSecurity,
  hasMosquitto,
  mosquitto,
} from '../../support/broker.ts';
import { passwordLine } from '../../support/mosquitto-passwords.ts';
import { connected, openedLink, status } from './opened.ts';

const SECRET = 'sesame-opens';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

describe('a link that the broker does not hear says why, where', () => {
  it('nothing listens', async () => {
    const link = openedLink(scope, 'mqtt://127.0.0.1:1');
    await status(link, /^mqtt:\/\/127\.0\.0\.1:1: nothing listens there: is the broker running/);
    expect(link.status.state).toBe(BusState.away);
  });

  it('the name is nobody’s', async () => {
    const link = openedLink(scope, 'mqtt://no-such-host.invalid');
    await status(link, /^mqtt:\/\/no-such-host\.invalid:1883: name not resolved/);
  });

  it('somebody listens who says nothing', async () => {
    const { url } = await silent(() => {});
    const link = openedLink(scope, url, { connectTimeoutMs: 50 });
    await status(link, /no answer in time: is it an MQTT broker/);
  });

  it('somebody listens who hangs up', async () => {
    const { url } = await silent((end) => end());
    const link = openedLink(scope, url);
    await status(link, /closed before it answered: is it an MQTT broker, with or without TLS/);
  });

  it('the WebSocket is elsewhere', async () => {
    const { port } = await aedesWebBroker(scope);
    const link = openedLink(scope, `ws://127.0.0.1:${port}/elsewhere?token=${SECRET}`);
    await status(link, /^ws:\/\/127\.0\.0\.1:\d+\/elsewhere: no WebSocket: .*400; check the path/);
    expect(link.status.text).not.toContain(SECRET);
  });

  it('the broker speaks no MQTT 5', async () => {
    const { url } = await aedesBroker(scope);
    const link = openedLink(scope, url, { version: '5' });
    await status(link, /login refused: unacceptable protocol version.*try another bus\.version/);
    expect(link.status.state).toBe(BusState.refused);
  });

  it('the broker denies a subscription, of those that it grants too', async () => {
    const { url } = await aedesBroker(scope, (aedes) => {
      aedes.authorizeSubscribe = (_, subscription, done) =>
        done(null, subscription.topic === 'other/#' ? null : subscription);
    });
    const link = openedLink(scope, url);
    link.subscribe('te/#', () => {});
    link.subscribe('other/#', () => {});
    await status(link, /^mqtt:.*: may not subscribe to other\/# \(unspecified error\)$/);
    expect(link.status.state).toBe(BusState.limited);
    expect(link.isConnected).toBe(true);
  });

  it('somebody speaks another language', async () => {
    const { url } = await silent((_, socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n'));
    const link = openedLink(scope, url);
    await status(link, /no MQTT: .*; is it an MQTT broker/);
    expect(link.status.state).toBe(BusState.refused);
  });

  async function silent(answer: (end: () => void, socket: Socket) => void) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      scope.defer(() => void socket.destroy());
      socket.once('data', () => answer(() => socket.destroy(), socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    scope.defer(() => void server.close());
    return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
});

describe.skipIf(!hasMosquitto)('a link that mosquitto does not hear says why, where', () => {
  const tlsFiles = { 'ca.pem': ca, 'broker.pem': brokerCert, 'broker.key': brokerKey };
  const tls = 'cafile $DIR/ca.pem\ncertfile $DIR/broker.pem\nkeyfile $DIR/broker.key\n';

  it.each(['3.1.1', '5'] as const)('the password is wrong (MQTT %s)', async (version) => {
    const files = { passwords: passwordLine('ioc', SECRET) };
    const { url } = await mosquitto(scope, 'password_file $DIR/passwords', files);
    const link = openedLink(scope, url, { version, user: 'ioc', password: `not ${SECRET}` });
    await status(link, /login refused: not authorised \(code \d+\); check bus\.user/);
    expect(link.status.state).toBe(BusState.refused);
    expect(link.status.text).not.toContain(SECRET);
    const right = openedLink(scope, url, { version, user: 'ioc', password: SECRET });
    await connected(right);
  });

  it('its certificate is of an authority that we do not know', async () => {
    const { port } = await mosquitto(scope, `allow_anonymous true\n${tls}`, tlsFiles);
    const url = `mqtts://localhost:${port}`;
    await status(openedLink(scope, url), /TLS: its certificate is of an authority .* bus\.tls\.ca/);
    const wrong = openedLink(scope, url, { clientId: 'b', tls: { ca: otherCa } });
    await status(wrong, /TLS: its certificate is of an authority/);
    expect(wrong.status.state).toBe(BusState.refused);
    await connected(openedLink(scope, url, { clientId: 'c', tls: { ca } }));
  });

  it('its certificate is of another host', async () => {
    const { port } = await mosquitto(scope, `allow_anonymous true\n${tls}`, tlsFiles);
    const url = `mqtts://127.0.0.1:${port}`;
    await status(
      openedLink(scope, url, { tls: { ca } }),
      /TLS: its certificate is of another host/,
    );
    await connected(openedLink(scope, url, { clientId: 'b', tls: { ca, ignoreHostName: true } }));
  });

  it('it wants a certificate of ours', async () => {
    const config = `allow_anonymous true\n${tls}require_certificate true`;
    const { port } = await mosquitto(scope, config, tlsFiles);
    const url = `mqtts://localhost:${port}`;
    await status(openedLink(scope, url, { tls: { ca } }), /TLS: it wants a certificate of ours/);
    const ours = { ca, cert: iocCert, key: iocKey, alpn: ['mqtt'] };
    await connected(openedLink(scope, url, { clientId: 'b', tls: ours }));
  });

  it('it speaks no TLS, or nothing else', async () => {
    const plain = await mosquitto(scope, 'allow_anonymous true');
    const secure = await mosquitto(scope, `allow_anonymous true\n${tls}`, tlsFiles);
    const wanted = openedLink(scope, `mqtts://localhost:${plain.port}`, { tls: { ca } });
    await status(wanted, /with or without TLS|speaks no TLS/);
    const unwanted = openedLink(scope, secure.url, { clientId: 'b' });
    await status(unwanted, /with or without TLS/);
  });

  it('its rules deny a subscription', async () => {
    const rules = { defaultACLAccess: { subscribe: false, publishClientReceive: true } };
    const config = 'allow_anonymous true\nplugin $PLUGIN\nplugin_opt_config_file $DIR/rules.json';
    const files = { 'rules.json': JSON.stringify(rules) };
    const { url } = await mosquitto(
      scope,
      config.replace('$PLUGIN', dynamicSecurity ?? 'plugin is missing'),
      files,
    );
    const link = openedLink(scope, url, { version: '5' });
    link.subscribe('te/#', () => {});
    await status(link, /may not subscribe to te\/# \(not authorised\)/);
    expect(link.isConnected).toBe(true);
  });

  it('its ACL denies a message, which it says in MQTT 5 alone', async () => {
    const files = {
      acl: 'user ioc\ntopic readwrite te/#\n',
      passwords: passwordLine('ioc', SECRET),
    };
    const config = 'password_file $DIR/passwords\nacl_file $DIR/acl';
    const { url } = await mosquitto(scope, config, files);
    const link = openedLink(scope, url, { version: '5', user: 'ioc', password: SECRET });
    link.publish({ topic: 'other/x', payload: '1', delivery: 'event' });
    await connected(link);
    await status(link, /last message refused: other\/x \(not authorised\)/);
    expect(link.outbox.drops.refused).toBe(1);
    expect(link.outbox.messages).toBe(0);
  });
});
