import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IocConfig, loadConfig } from '../../src/config/index.ts';
import { mqttRoutes } from '../../src/config/route-file.ts';
import { Scope } from '../../src/kernel/index.ts';
import { ca, iocCert, iocKey } from '../ads/certificates.ts';
import { filesTogether, mistakesOf, networkOf } from './files.ts';

const SECRET = 'sesame&opens';

const plain = `<?xml version="1.0" encoding="utf-8"?>
<TcConfig xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <RemoteConnections>
    <Route><Name>by TCP</Name><Address>10.0.0.1</Address></Route>
    <!-- the broker of the hall -->
    <Mqtt ClientId='cx-1' NoRetain="true" Unidirectional="false">
      <Name>Hall</Name>
      <Address Port="1884">broker.hall</Address>
      <Topic>VirtualAmsNetwork1</Topic>
      <User>ioc</User>
      <Pwd>sesame&amp;opens</Pwd>
    </Mqtt>
  </RemoteConnections>
</TcConfig>
`;

const inside = (text: string) => plain.replace(/<Mqtt[\s\S]*<\/Mqtt>/, text);

const secured = inside(`<Mqtt>
      <Address>10.1.1.1</Address>
      <Topic>Net</Topic>
      <Tls IgnoreCn="true">
        <Version>tlsv1.2</Version>
        <Ca>C:\\TwinCAT\\3.1\\Config\\ca.pem</Ca>
        <Cert>ioc.pem</Cert>
        <Key>ioc.key</Key>
      </Tls>
    </Mqtt>`);

const presharedKey = (psk: string) =>
  inside(`<Mqtt><Address Port="8883">10.1.1.1</Address><Topic>Net</Topic><Psk ${psk}</Psk></Mqtt>`);

const several =
  inside(`<Mqtt Disabled="true"><Name>old</Name><Address>a</Address><Topic>A</Topic></Mqtt>
    <Mqtt><Name>new</Name><Address>b</Address><Topic>B</Topic></Mqtt>`);

const yaml = (more = '') => `prefix: P
plant:
  netId: 5.1.2.3.1.1
  source: { netId: 9.9.9.9.1.1 }
  mqtt:
    routeFile: route.xml
${more}`;

async function config(xml: string, more = ''): Promise<IocConfig> {
  await using scope = new Scope();
  const pems = { 'ca.pem': ca, 'ioc.pem': iocCert, 'ioc.key': iocKey };
  return loadConfig(
    filesTogether(scope, { 'ioc.yaml': yaml(more), 'route.xml': xml, ...pems }),
    {},
  );
}

async function mistakes(xml: string, more = ''): Promise<readonly string[]> {
  await using scope = new Scope();
  return mistakesOf(filesTogether(scope, { 'ioc.yaml': yaml(more), 'route.xml': xml }));
}

describe('a route file of TwinCAT', () => {
  it('tells broker, network and credentials', async () => {
    expect(networkOf(await config(plain))).toEqual({
      url: 'mqtt://broker.hall:1884',
      topic: 'VirtualAmsNetwork1',
      user: 'ioc',
      password: SECRET,
      clientId: 'cx-1',
      noRetain: true,
      unidirectional: false,
    });
  });

  it('gives way to keys beside it', async () => {
    const more = '    url: mqtt://other\n    clientId: mine\n    noRetain: false\n    qos: 1\n';
    expect(networkOf(await config(plain, more))).toMatchObject({
      url: 'mqtt://other',
      topic: 'VirtualAmsNetwork1',
      clientId: 'mine',
      noRetain: false,
      qos: 1,
    });
  });

  it('names certificates, which lie beside it when TwinCAT has them elsewhere', async () => {
    expect(networkOf(await config(secured))).toMatchObject({
      url: 'mqtts://10.1.1.1',
      tls: { ca: [ca], cert: iocCert, key: iocKey, ignoreHostName: true },
    });
  });

  it('tells a pre-shared key, or the password that makes one', async () => {
    const key = 'ab'.repeat(32);
    const byKey = presharedKey(`><Identity>cx</Identity><Key>${key}</Key>`);
    expect(networkOf(await config(byKey))).toMatchObject({
      url: 'mqtts://10.1.1.1:8883',
      psk: { identity: 'cx', key },
    });
    const byPassword = presharedKey(
      'IdentityCaseSensitive="true"><Identity>cx</Identity><Pwd>p</Pwd>',
    );
    expect(networkOf(await config(byPassword)).psk).toMatchObject({
      identity: 'cx',
      password: 'p',
      identityCaseSensitive: true,
    });
  });

  it('gives the route of the wished name', async () => {
    const found = networkOf(await config(several, '    routeName: new\n'));
    expect(found).toMatchObject({ url: 'mqtt://b', topic: 'B' });
  });

  it.each([
    [
      'ioc.yaml:6:16: plant.mqtt.routeFile: has several routes; choose one by routeName: old, new',
      several,
      '',
    ],
    [
      'ioc.yaml:7:16: plant.mqtt.routeName: is the name of 0 routes in route.xml; choose one that is there: old, new',
      several,
      '    routeName: none\n',
    ],
    ['route.xml:6:5: the route is disabled in TwinCAT', several, '    routeName: old\n'],
    [
      'route.xml:6:5: the route has no Address; give url',
      inside('<Mqtt><Topic>N</Topic></Mqtt>'),
      '',
    ],
    [
      'route.xml:6:5: the route has no Topic; give topic',
      inside('<Mqtt><Address>a</Address></Mqtt>'),
      '',
    ],
    ['route.xml:8:7: Port must be a number', plain.replace('1884', 'x'), ''],
    ['route.xml:6:5: Ca of Tls: ca.pem cannot be read', secured, ''],
    [
      'route.xml:6:68: Psk needs Identity, and Key or Pwd',
      presharedKey('><Identity>cx</Identity>'),
      '',
    ],
    [
      'route.xml:6:5: Psk has a key that is none',
      presharedKey(`><Identity>x</Identity><Key>${SECRET.slice(0, 6)}</Key>`),
      '',
    ],
    ['route.xml:2:1: has no TcConfig/RemoteConnections/Mqtt', inside(''), ''],
    [
      'route.xml:13:3: not XML: </RemoteConnections> stands where </Mqtt> must',
      plain.replace('</Mqtt>', ''),
      '',
    ],
    ['route.xml:1:1: not XML: it has no element', '', ''],
    ['route.xml:11:12: not XML: an & that begins no entity here', plain.replace('&amp;', '&'), ''],
  ])('is refused: %s', async (message, xml, more) => {
    const found = (await mistakes(xml, more)).join('\n');
    expect(found).toContain(message);
    expect(found).not.toMatch(/sesame|opens/);
  });

  it('may be anything: what cannot be read is told, not thrown', () => {
    const cut = fc.tuple(fc.nat(plain.length), fc.nat(40), fc.string());
    fc.assert(
      fc.property(cut, ([at, length, other]) => {
        const text = plain.slice(0, at) + other + plain.slice(at + length);
        const problems: unknown[] = [];
        const routes = mqttRoutes('route.xml', text, (problem) => problems.push(problem));
        expect(routes.length + problems.length).toBeGreaterThan(0);
      }),
    );
  });

  it('is refused when it is not there', async () => {
    await using scope = new Scope();
    const found = mistakesOf(filesTogether(scope, { 'ioc.yaml': yaml() }));
    expect(found.join()).toMatch(
      /^ioc\.yaml:6:16: plant\.mqtt\.routeFile: route\.xml cannot be read/,
    );
  });
});
