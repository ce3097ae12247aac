import { describe, expect, it } from 'vitest';
import { ProcessImage } from '../../../src/model/index.ts';
import { SecurityGroup, SecurityRules } from '../../../src/pv/access/group.ts';
import { localIdentity } from '../../../src/pv/access/identity.ts';
import { Right } from '../../../src/pv/access/right.ts';
import { type AccessChange, Directory, type PvField } from '../../../src/pv/index.ts';
import { RecordTable } from '../../../src/records/index.ts';

const never = new AbortController().signal;
const read = { level: 1, right: Right.read, trap: false };
const write = { level: 1, right: Right.write, trap: false };

function rig() {
  const records = new RecordTable(new ProcessImage());
  records.add({ name: 'X', type: 'ao', role: 'soft' });
  const directory = new Directory(records);
  const rules = [
    new SecurityGroup('DEFAULT', [], [read, { ...write, level: 0 }]),
    new SecurityGroup('OPEN', [], [write]),
  ];
  directory.security.install(new SecurityRules(rules));
  const changes: AccessChange[] = [];
  const session = directory.security.open(localIdentity('ada'), (change) => changes.push(change));
  const field = (name: string) => directory.find(name) as PvField;
  return { directory, session, changes, field };
}

describe('a record', () => {
  it('has fields of level 0 and of level 1, as its type says', () => {
    const { session, field } = rig();
    expect(session.grant(field('X')).write).toBe(true);
    expect(session.grant(field('X.HIHI')).write).toBe(false);
    expect(session.grant(field('X.DESC$')).write).toBe(false);
  });

  it('joins the group that is put to its ASG, and sessions hear of it', async () => {
    const { session, changes, field } = rig();
    expect(session.grant(field('X.HIHI')).write).toBe(false);
    await field('X.ASG').put('OPEN', { user: 'ada', host: '' }, never);
    expect(changes).toEqual([{ kind: 'record', slot: field('X').slot }]);
    expect(session.grant(field('X.HIHI')).write).toBe(true);
  });
});
