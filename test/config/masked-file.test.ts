import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { maskedFile, maskedValue, unmasked } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { filesTogether } from './files.ts';

const text = `# Beamline 7
prefix: P # of all PVs
bus:
  url: mqtt://ioc:sesame@broker:1883
  password: opens # not for you
  # password: formerly
  tls: { ca: ca.pem, key: own.key }
  files: { token: '12345' }
plants:
  - name: a
    mqtt: { psk: { identity: me, key: '00112233445566778899' } }
`;

const shown = `# Beamline 7
prefix: P # of all PVs
bus:
  url: mqtt://ioc:********@broker:1883
  password: "********" # not for you
  # password: ********
  tls: { ca: ca.pem, key: own.key }
  files: { token: '********' }
plants:
  - name: a
    mqtt: { psk: { identity: me, key: '********' } }
`;

describe('a configuration file that is shown', () => {
  it('is as it stands, with its secrets masked', async () => {
    await using scope = new Scope();
    expect(maskedFile(filesTogether(scope, { 'ioc.yaml': text }))).toBe(shown);
  });

  it('may come back: masks stand for the secrets that were there', async () => {
    await using scope = new Scope();
    const file = filesTogether(scope, { 'ioc.yaml': text });
    const changed = shown.replace('prefix: P', 'prefix: Q');
    expect(parse(unmasked(changed, file))).toEqual({ ...parse(text), prefix: 'Q' });
    const own = text.replace('opens', 'new one');
    expect(unmasked(own, file)).toBe(own);
  });

  it('may not come back with a mask where there was no secret, or another', async () => {
    await using scope = new Scope();
    const file = filesTogether(scope, { 'ioc.yaml': text });
    const moved = shown.replace('@broker', '@elsewhere');
    expect(() => unmasked(moved, file)).toThrow('bus.url: ******** stands for no secret of');
    expect(() => unmasked("prefix: P\nroute: { password: '********' }\n", file)).toThrow(
      'route.password: ******** stands for no secret of',
    );
  });

  it('shows no secret of an anchor that is named elsewhere', async () => {
    await using scope = new Scope();
    const aliased = 'a: { password: &p sesame }\nb: { password: *p }\n';
    const masked = maskedFile(filesTogether(scope, { 'ioc.yaml': aliased }));
    expect(masked).not.toContain('sesame');
  });

  it('shows no secret, whatever it is and wherever it stands', async () => {
    await using scope = new Scope();
    const secret = fc.stringMatching(/^[a-z0-9 :#'"{}&*!%@-]{1,20}$/).map((each) => `!S${each}S!`);
    const key = fc.constantFrom('password', 'token', 'key', 'secret', 'passphrase');
    fc.assert(
      fc.property(secret, key, fc.constantFrom('block', 'flow', 'list'), (value, name, kind) => {
        const inside = { name: 'a', [name]: value };
        const config = kind === 'list' ? { plants: [inside, inside] } : { bus: inside };
        const yaml = stringify(config, kind === 'flow' ? { collectionStyle: 'flow' } : {});
        const file = filesTogether(scope, { 'ioc.yaml': yaml });
        expect(maskedFile(file)).not.toContain(value);
        expect(parse(unmasked(maskedFile(file), file))).toEqual(config);
      }),
      { numRuns: 60 },
    );
  });
});

it('values are masked by the same keys, and private keys wherever they are', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMIG…';
  const value = {
    tls: { key: pem, cert: 'CERT' },
    list: [{ token: 'x', n: 1 }],
    url: 'ws://a:b@c',
  };
  expect(maskedValue(value)).toEqual({
    ...{ tls: { key: '********', cert: 'CERT' }, list: [{ token: '********', n: 1 }] },
    url: 'ws://a:********@c',
  });
});
