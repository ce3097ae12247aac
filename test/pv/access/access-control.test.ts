import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseError } from '../../../src/database/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { AccessControl } from '../../../src/pv/access/access-control.ts';
import type { HostLookup } from '../../../src/pv/access/hosts.ts';
import { LocalInputs } from '../../../src/pv/access/local-inputs.ts';
import {
  type AccessChange,
  AccessSecurity,
  localIdentity,
  type PvField,
} from '../../../src/pv/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

let scope: Scope;
let file: string;

beforeEach(() => {
  scope = new Scope();
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  scope.defer(() => rmSync(folder, { recursive: true }));
  file = join(folder, 'site.acf');
});

afterEach(() => scope[Symbol.asyncDispose]());

const known: Readonly<Record<string, readonly string[]>> = {
  'desk.site': ['10.0.0.7', '::ffff:10.0.1.7'],
};

function rig(claimed = false) {
  const records = {
    X: { type: 'DOUBLE', value: 1 },
    GATE: { type: 'DOUBLE', value: 0 },
    WORD: { type: 'STRING', value: '1' },
  } as const;
  const directory = new FakeDirectory(records, new AccessSecurity({ trustsClaimedHosts: claimed }));
  const clock = new ManualClock();
  const warnings: string[] = [];
  const log = { ...silentLog, info: () => {}, warn: (text: string) => warnings.push(text) };
  const asked: string[] = [];
  const book = { ...known };
  const lookup: HostLookup = async (name) => {
    asked.push(name);
    const found = book[name];
    if (!found) throw new Error('ENOTFOUND');
    return found;
  };
  const remote = new Map<string, (value: number | undefined) => void>();
  const inputs = scope.use(
    new LocalInputs(directory, {
      watch(pv, tell) {
        remote.set(pv, tell);
        return { [Symbol.dispose]: () => remote.delete(pv) };
      },
    }),
  );
  const open = async (text: string) => {
    writeFileSync(file, text);
    return scope.use(
      await AccessControl.open(directory.security, {
        ...{ file, inputs, clock, lookup, log: log as never },
      }),
    );
  };
  const client = (user = 'ada', address = '10.0.0.7', claimedHost = '') => {
    const changes: AccessChange[] = [];
    const identity = { ...localIdentity(user), address, claimedHost };
    const session = directory.security.open(identity, (change) => changes.push(change));
    const may = (name = 'X') => {
      const { read, write } = session.grant(directory.find(name) as PvField);
      return `${read ? 'r' : '-'}${write ? 'w' : '-'}`;
    };
    return { may, changes };
  };
  return { directory, clock, warnings, asked, book, remote, open, client };
}

describe('the rules of a file', () => {
  it('give rights by users, hosts and levels', async () => {
    const { open, client } = rig();
    await open(`
      UAG(experts) { ada, grace }
      HAG(desk) { desk.site, 10.0.0.9 }
      ASG(DEFAULT) { RULE(1,READ) RULE(0,WRITE) { UAG(experts) HAG(desk) } }`);
    expect(client('ada').may()).toBe('rw');
    expect(client('ada', '10.0.1.7').may()).toBe('rw');
    expect(client('grace', '::ffff:10.0.0.9').may()).toBe('rw');
    expect(client('ada', '10.0.0.8').may()).toBe('r-');
    expect(client('eve').may()).toBe('r-');
  });

  it('know a name under all its addresses, and none that cannot be resolved', async () => {
    const { open, client, warnings } = rig();
    await open('HAG(a) { desk.site, nowhere } ASG(DEFAULT) { RULE(1,WRITE) { HAG(a) } }');
    expect(client('ada', '10.0.0.7', 'nowhere').may()).toBe('rw');
    expect(client('ada', '10.0.0.8', 'nowhere').may()).toBe('--');
    expect(warnings).toEqual([expect.stringContaining('Host nowhere of')]);
  });

  it('take a client on the loopback address for one on this host', async () => {
    const { open, client, book } = rig();
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    book['here'] = [own[0]?.address ?? '127.0.0.1'];
    await open('HAG(a) { here } ASG(DEFAULT) { RULE(1,WRITE) { HAG(a) } }');
    expect(client('ada', '127.0.0.1').may()).toBe('rw');
    expect(client('ada', '10.0.0.8').may()).toBe('--');
  });

  it('compare claimed hosts, if they are to be trusted, whatever their case', async () => {
    const { open, client, asked } = rig(true);
    await open('HAG(a) { Desk } ASG(DEFAULT) { RULE(1,WRITE) { HAG(a) } }');
    expect(client('ada', '10.9.9.9', 'dEsk').may()).toBe('rw');
    expect(client('ada', '10.9.9.9', 'lab').may()).toBe('--');
    expect(asked).toEqual([]);
  });

  it('that name methods, protocols or authorities give a CA client what is its', async () => {
    const { open, client } = rig();
    await open(`
      AUTHORITY(ROOT, "Site Root CA")
      ASG(DEFAULT) {
        RULE(1,READ) { METHOD("x509","ca") PROTOCOL("tcp") }
        RULE(1,WRITE) { METHOD("x509") }
        RULE(1,WRITE) { AUTHORITY(ROOT) }
        RULE(1,WRITE) { PROTOCOL("TLS") }
      }`);
    expect(client().may()).toBe('r-');
  });

  it('with words that nobody knows grant nothing, and say so with file and line', async () => {
    const { open, client, warnings } = rig();
    await open('ASG(DEFAULT) {\n RULE(1,READ)\n RULE(1,WRITE) { MOON("full") }\n}');
    expect(client().may()).toBe('r-');
    expect(warnings).toEqual([`${file}:3:18: MOON is not known: its rule grants nothing`]);
  });
});

describe('a file with mistakes', () => {
  const good = 'ASG(DEFAULT) { RULE(1,READ) }';

  it.each([
    ['syntax', 'ASG(DEFAULT) { RULE(1,READ) ', ':1:'],
    ['a group that is not there', 'ASG(DEFAULT) {\n RULE(1,WRITE) { UAG(none) } }', ':2:18:'],
    ['a CALC that is none', 'ASG(DEFAULT) {\n INPA("X") RULE(1,WRITE) { CALC("A=") } }', ':2:28:'],
    ['a CALC that assigns', 'ASG(DEFAULT) { RULE(1,WRITE) { CALC("A:=1;1") } }', ':1:32:'],
  ])('leaves the rules as they were: %s', async (_, text, where) => {
    const { open, client } = rig();
    const control = await open(good);
    const reader = client();
    writeFileSync(file, text);
    const error = await control.reload().then(
      () => undefined,
      (cause) => cause,
    );
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toContain(`${file}${where}`);
    expect(reader.may()).toBe('r-');
    expect(reader.changes).toEqual([]);
  });

  it('is no start', async () => {
    const { open } = rig();
    await expect(open('ASG(')).rejects.toThrow(DatabaseError);
  });
});

describe('a reload', () => {
  it('puts the new rules in force for everybody at once', async () => {
    const { open, client } = rig();
    const control = await open('ASG(DEFAULT) { RULE(1,READ) }');
    const reader = client();
    expect(reader.may()).toBe('r-');
    writeFileSync(file, 'ASG(DEFAULT) { RULE(1,WRITE) }');
    await control.reload();
    expect(reader.changes).toEqual([{ kind: 'rules' }]);
    expect(reader.may()).toBe('rw');
  });

  it('keeps the inputs that both files name, so that nobody loses rights for a moment', async () => {
    const { open, client, remote } = rig();
    const text = 'ASG(DEFAULT) { INPA("FAR") RULE(1,WRITE) { CALC("A") } }';
    const control = await open(text);
    remote.get('FAR')?.(1);
    const writer = client();
    expect(writer.may()).toBe('rw');
    writeFileSync(file, `${text} ASG(other)`);
    await control.reload();
    expect(writer.may()).toBe('rw');
    expect(remote.size).toBe(1);
    writeFileSync(file, 'ASG(DEFAULT) { RULE(1,READ) }');
    await control.reload();
    expect(remote.size).toBe(0);
  });
});

describe('an input', () => {
  const text =
    'ASG(DEFAULT) { INPA("GATE") INPB("FAR") RULE(1,READ) RULE(1,WRITE) { CALC("A=1&&B<5") } }';

  it('that is a PV of this IOC or another opens and closes a rule', async () => {
    const { open, client, directory, remote } = rig();
    await open(text);
    const writer = client();
    expect(writer.may()).toBe('r-');
    remote.get('FAR')?.(4);
    directory.update('GATE', 1);
    expect(writer.may()).toBe('rw');
    expect(writer.changes).toEqual([{ kind: 'rights' }]);
    remote.get('FAR')?.(5);
    expect(writer.may()).toBe('r-');
    expect([...remote.keys()]).toEqual(['FAR']);
  });

  it('closes a rule while it is INVALID or away', async () => {
    const { open, client, directory, remote } = rig();
    await open(text);
    const writer = client();
    remote.get('FAR')?.(4);
    directory.update('GATE', 1);
    expect(writer.may()).toBe('rw');
    directory.update('GATE', 1, { severity: 3 });
    expect(writer.may()).toBe('r-');
    directory.update('GATE', 1, { severity: 2 });
    expect(writer.may()).toBe('rw');
    remote.get('FAR')?.(undefined);
    expect(writer.may()).toBe('r-');
  });

  it('that is a text counts as the number it says', async () => {
    const { open, client } = rig();
    await open('ASG(DEFAULT) { INPA("WORD") RULE(1,WRITE) { CALC("A") } }');
    expect(client().may()).toBe('rw');
  });
});

describe('a name that could not be resolved', () => {
  it('counts once it can be', async () => {
    const { open, client, clock, book } = rig();
    await open('HAG(a) { late } ASG(DEFAULT) { RULE(1,WRITE) { HAG(a) } }');
    const writer = client();
    expect(writer.may()).toBe('--');
    book['late'] = ['10.0.0.7'];
    clock.advance(60_000);
    await expect.poll(() => writer.may()).toBe('rw');
    expect(writer.changes).toEqual([{ kind: 'rights' }]);
  });
});
