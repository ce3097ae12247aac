import { describe, expect, it } from 'vitest';
import { SecurityGroup, SecurityRules } from '../../../src/pv/access/group.ts';
import { localIdentity } from '../../../src/pv/access/identity.ts';
import { Right } from '../../../src/pv/access/right.ts';
import type { AccessChange } from '../../../src/pv/access/security.ts';
import type { TrappedPut } from '../../../src/pv/access/trapped-put.ts';
import type { PutOutcome, PvField } from '../../../src/pv/index.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

const read = { level: 1, right: Right.read, trap: false };
const write = { level: 1, right: Right.write, trap: false };
const gated = {
  ...write,
  condition: { inputs: 1, calculate: (values: Float64Array) => values[0] ?? 0 },
};
const never = new AbortController().signal;

function rig(settle?: (answer: (outcome: PutOutcome) => void) => void) {
  const directory = new FakeDirectory({
    OPEN: { type: 'DOUBLE', value: 1, fields: { DESC: 'x' } },
    GATED: { type: 'DOUBLE', value: 2, accessGroup: 'GATED' },
    TRAP: { type: 'DOUBLE', value: 3, accessGroup: 'TRAP' },
    SLOW: {
      ...{ type: 'DOUBLE', value: 4, accessGroup: 'TRAP' },
      put: (value, _origin, _signal, store) =>
        new Promise((answer) =>
          settle?.((outcome) => {
            if (outcome.kind === 'done') store(value);
            answer(outcome);
          }),
        ),
    },
    MODE: { type: 'MENU', value: 1, accessGroup: 'TRAP', metadata: { labels: ['Off', 'On'] } },
    WAVE: { type: 'DOUBLE', value: new Float64Array(99), maxCount: 99, accessGroup: 'TRAP' },
  });
  const gate = new SecurityGroup('GATED', [{ index: 0, pv: 'GATE' }], [read, gated]);
  const rules = new SecurityRules([
    gate,
    new SecurityGroup('DEFAULT', [], [read, { ...write, users: [new Set(['ada'])] }]),
    new SecurityGroup('TRAP', [], [{ ...write, trap: true }]),
  ]);
  const { security } = directory;
  const trapped: TrappedPut[] = [];
  security.trapped = (put) => trapped.push(put);
  const open = (user: string) => {
    const changes: AccessChange[] = [];
    const identity = { ...localIdentity(user), address: '::ffff:10.0.0.7', claimedHost: 'DESK' };
    return { changes, session: security.open(identity, (change) => changes.push(change)) };
  };
  const field = (name: string) => directory.find(name) as PvField;
  return { directory, security, rules, gate, trapped, open, field };
}

describe('a session', () => {
  it('may everything where there are no rules', () => {
    const { open, field } = rig();
    expect(open('eve').session.grant(field('OPEN'))).toMatchObject({ read: true, write: true });
  });

  it('may what the rules say, by the address of its client', () => {
    const { security, rules, open, field } = rig();
    security.install(rules);
    expect(open('ada').session.grant(field('OPEN')).write).toBe(true);
    expect(open('eve').session.grant(field('OPEN')).write).toBe(false);
    expect(open('ada').session.origin).toEqual({ user: 'ada', host: '10.0.0.7' });
  });

  it('has its rights computed once for all sessions of its client', () => {
    const { security, rules, open, field } = rig();
    security.install(rules);
    const [one, other] = [open('ada').session, open('ada').session];
    expect(other.grant(field('OPEN'))).toBe(one.grant(field('OPEN')));
    expect(other.grant(field('OPEN'))).not.toBe(one.grant(field('OPEN.DESC')));
    expect(open('eve').session.grant(field('OPEN'))).not.toBe(one.grant(field('OPEN')));
  });

  it('hears once of a CALC that opens, and its grant tells already', () => {
    const { security, rules, gate, open, field } = rig();
    security.install(rules);
    const { session, changes } = open('eve');
    const grant = session.grant(field('GATED'));
    session.grant(field('OPEN'));
    gate.setInput(0, 1);
    security.recompute(gate);
    security.recompute(gate);
    expect(changes).toEqual([{ kind: 'rights' }]);
    expect(grant.write).toBe(true);
  });

  it('hears of new rules and of records that change their group, until it is disposed of', () => {
    const { security, rules, open, field } = rig();
    const { session, changes } = open('eve');
    security.install(rules);
    security.regroup(field('OPEN').slot);
    expect(changes).toEqual([{ kind: 'rules' }, { kind: 'record', slot: 0 }]);
    session[Symbol.dispose]();
    security.install(rules);
    expect(changes).toHaveLength(2);
  });
});

describe('a put of a session', () => {
  it('is refused where the client may not write, and tells who may not what', async () => {
    const { security, rules, open, field } = rig();
    security.install(rules);
    const { session } = open('eve');
    const target = field('OPEN');
    expect(await session.put(target, session.grant(target), 9, false, never)).toEqual({
      ...{ kind: 'refused', reason: 'no-access' },
      text: 'Put to OPEN.VAL refused: eve at 10.0.0.7 may not write it',
    });
    expect(session.putAcknowledge(target, session.grant(target), 'acks', 2)).toMatchObject({
      reason: 'no-access',
    });
    expect(target.read()).toBe(1);
  });

  it('is told to the put log with what was there before and what there is after', async () => {
    const { security, rules, open, field, trapped } = rig();
    security.install(rules);
    const { session } = open('ada');
    const target = field('TRAP');
    await session.put(target, session.grant(target), 9, true, never);
    expect(trapped).toMatchObject([
      {
        ...{ user: 'ada', host: '10.0.0.7', outcome: { kind: 'done' } },
        ...{ before: { value: 3, size: 1 }, after: { value: 9, size: 1 } },
      },
    ]);
  });

  it('is told to the put log when the plant has answered, also if it refused', async () => {
    const answers: ((outcome: PutOutcome) => void)[] = [];
    const { security, rules, open, field, trapped } = rig((answer) => answers.push(answer));
    security.install(rules);
    const { session } = open('ada');
    const target = field('SLOW');
    const outcome = session.put(target, session.grant(target), 9, true, never);
    expect(trapped).toEqual([]);
    answers[0]?.({ kind: 'failed', text: 'no such SDO' });
    await outcome;
    expect(trapped).toMatchObject([
      { outcome: { kind: 'failed', text: 'no such SDO' }, after: { value: 4 } },
    ]);
  });

  it('is told with the word of a choice and at most 400 bytes of an array', async () => {
    const { security, rules, open, field, trapped } = rig();
    security.install(rules);
    const { session } = open('ada');
    for (const name of ['MODE', 'WAVE']) {
      const target = field(name);
      const value = name === 'MODE' ? 0 : new Float64Array(60).fill(2);
      await session.put(target, session.grant(target), value, true, never);
    }
    expect(trapped[0]).toMatchObject({ before: { value: 'On' }, after: { value: 'Off' } });
    expect(trapped[1]).toMatchObject({ before: { size: 99 }, after: { size: 60 } });
    expect(trapped[1]?.after.value).toEqual(new Float64Array(50).fill(2));
  });
});
