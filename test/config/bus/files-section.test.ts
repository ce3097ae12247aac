import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca } from '../../ads/certificates.ts';
import { filesTogether, mistakesOf } from '../files.ts';

const plant = 'prefix: P\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';
const pems = { 'ca.pem': ca, 'server.pem': brokerCert, 'server.key': brokerKey };

function fileOf(scope: Scope, files: string): string {
  const text = `${plant}bus:\n  url: mqtt://broker\n  files: ${files}\n`;
  return filesTogether(scope, { 'ioc.yaml': text, ...pems, secret: 'sesame\n' });
}

describe('bus.files', () => {
  it('has a default for everything, beside the configuration file', async () => {
    await using scope = new Scope();
    const file = fileOf(scope, '{}');
    expect(loadConfig(file).bus?.files).toEqual({
      ...{ hosts: [], maxBytes: 16_777_216, timeout: 30 },
      service: {
        ...{ host: '127.0.0.1', port: 8000, folder: `${dirname(file)}/files` },
        ...{ maxBytes: 268_435_456, maxFiles: 1000 },
      },
    });
  });

  it('reads its secrets and certificates', async () => {
    await using scope = new Scope();
    const text = `
    url: https://agent:8443/
    hosts: [gateway, '[fd00::1]:8000']
    tokenFile: secret
    tls: { ca: ca.pem }
    service:
      host: 0.0.0.0
      url: https://ioc.lab:8000
      tokenEnv: SERVICE_TOKEN
      tls: { cert: server.pem, key: server.key, ca: [ca.pem] }`;
    const { files } = loadConfig(fileOf(scope, text), { SERVICE_TOKEN: 'open' }).bus ?? {};
    expect(files).toMatchObject({
      ...{ url: 'https://agent:8443', hosts: ['gateway', '[fd00::1]:8000'] },
      ...{ token: 'sesame', tls: { ca: [ca] } },
      service: {
        ...{ host: '0.0.0.0', url: 'https://ioc.lab:8000', token: 'open' },
        tls: { cert: brokerCert, key: brokerKey, ca: [ca] },
      },
    });
  });

  it.each([
    ['{ url: ftp://x }', 'bus.files.url: must be http://host:8000'],
    [
      '{ url: http://x/te }',
      'bus.files.url: must be http://host:8000 or https://host:8000, without a path',
    ],
    ['{ hosts: ["http://x"] }', 'bus.files.hosts[0]: must be host or host:port'],
    [
      '{ token: a, tokenFile: secret }',
      'bus.files.token: is given beside tokenFile; keep one of them',
    ],
    ['{ tls: { ca: none.pem } }', 'bus.files.tls.ca: none.pem cannot be read'],
    [
      '{ service: { tls: { cert: server.pem, key: ca.pem } } }',
      'bus.files.service.tls.key: ca.pem is no private key',
    ],
    [
      '{ service: { host: 0.0.0.0 } }',
      'bus.files.service.host: would let everybody on 0.0.0.0 write files; give token, or tls with ca',
    ],
    ['{ quota: 1 }', 'unknown key "quota"; known here: url, hosts'],
  ])('says what is wrong with %s', async (files, mistake) => {
    await using scope = new Scope();
    expect(mistakesOf(fileOf(scope, files)).join('\n')).toContain(mistake);
  });
});
