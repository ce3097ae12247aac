import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMqttRoutes } from '../../src/ads/index.ts';
import { parseXml } from '../../src/ads/transport/xml.ts';
import { IocError } from '../../src/kernel/index.ts';

const FILE = `\ufeff<?xml version="1.0" encoding="utf-8"?>
<TcConfig xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <RemoteConnections>
    <Route><Name>an ordinary one</Name><Address>10.0.0.1</Address></Route>
    <!-- <Mqtt><Topic>not this</Topic></Mqtt> -->
    <Mqtt>
      <Address Port="1883">broker.example</Address>
      <Topic>VirtualAmsNetwork1</Topic>
    </Mqtt>
    <Mqtt ClientId='cx-1' NoRetain="true" Unidirectional="TRUE" Disabled="true">
      <Name>secure</Name>
      <Address Port="8883">10.1.2.3</Address>
      <Topic>A/B</Topic>
      <User>me &amp; you</User><Pwd><![CDATA[<secret>]]></Pwd>
      <Tls IgnoreCn="false"><Ca>C:\\ca.pem</Ca><Ca>root.pem</Ca><Cert>me.pem</Cert><Key>me.key</Key></Tls>
    </Mqtt>
    <Mqtt>
      <Address>10.1.2.4</Address><Topic>C</Topic>
      <Psk IdentityCaseSensitive="true"><Identity>Me</Identity><Pwd>secret</Pwd></Psk>
    </Mqtt>
  </RemoteConnections>
</TcConfig>`;

describe('a TwinCAT route file', () => {
  it('tells brokers, and how to get in', () => {
    const [plain, secure, shared, ...others] = parseMqttRoutes(FILE);
    expect(plain).toMatchObject({
      name: undefined,
      disabled: false,
      network: { url: 'mqtt://broker.example:1883', topic: 'VirtualAmsNetwork1', noRetain: false },
      tlsFiles: undefined,
    });
    expect(secure).toMatchObject({
      name: 'secure',
      disabled: true,
      network: {
        url: 'mqtts://10.1.2.3:8883',
        topic: 'A/B',
        user: 'me & you',
        password: '<secret>',
        clientId: 'cx-1',
        noRetain: true,
        unidirectional: true,
      },
      tlsFiles: {
        ca: ['C:\\ca.pem', 'root.pem'],
        cert: 'me.pem',
        key: 'me.key',
        ignoreHostName: false,
      },
    });
    expect(shared?.network).toMatchObject({
      url: 'mqtts://10.1.2.4',
      psk: { identity: 'Me', key: undefined, password: 'secret', identityCaseSensitive: true },
    });
    expect(others).toEqual([]);
  });

  it('may have no brokers', () => {
    expect(parseMqttRoutes('<TcConfig/>')).toEqual([]);
  });

  it.each([
    ['Broker number 1 of the route file has no Address', '<Topic>A</Topic><Pwd>secret</Pwd>'],
    ['Broker B of the route file has no Topic', '<Name>B</Name><Address>b</Address><Topic/>'],
  ])('is refused: %s', (message, broker) => {
    const file = `<TcConfig><RemoteConnections><Mqtt>${broker}</Mqtt></RemoteConnections></TcConfig>`;
    expect(() => parseMqttRoutes(file)).toThrow(message);
    expect(() => parseMqttRoutes(file)).not.toThrow('secret');
  });
});

describe('XML', () => {
  it.each([
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a b=c/>',
    '<a b="c/>',
    '<a><',
    '<!-- ',
    '<a>'.repeat(40) + '</a>'.repeat(40),
  ])('is not %j', (text) => {
    expect(parseXml(text)).toBeUndefined();
    expect(() => parseMqttRoutes(text)).toThrow(IocError);
  });

  it('never fails, and ends soon, whatever the text', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      'a',
      '=',
      '"',
      "'",
      '<!--',
      '-->',
      '&#x;',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        parseXml(pieces.join(''));
      }),
    );
    const started = performance.now();
    parseXml(`<a${' b="c"'.repeat(100_000)} <`);
    parseXml('<!--'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
