import { describe, expect, it } from 'vitest';
import { SecurityGroup, SecurityRules } from '../../../src/pv/access/group.ts';
import { Right } from '../../../src/pv/access/right.ts';
import type { Rule, Subject } from '../../../src/pv/access/rule.ts';

const ada: Subject = {
  ...{ user: 'ada', host: '10.0.0.7', method: 'ca', authority: [], protocol: 'TCP' },
};
const read: Rule = { level: 1, right: Right.read, trap: false };
const write: Rule = { level: 1, right: Right.write, trap: false };

function granted(rules: readonly Rule[], level: 0 | 1 = 1, subject: Subject = ada): string {
  const grant = new SecurityGroup('G', [], rules).grant(level, subject);
  return `${grant.read ? 'r' : '-'}${grant.write ? 'w' : '-'}${grant.trap ? 't' : '-'}`;
}

describe('the rules of a group', () => {
  it('give nothing when there are none', () => {
    expect(granted([])).toBe('---');
  });

  it('give the highest right, in whatever order they stand', () => {
    expect(granted([write, read])).toBe('rw-');
    expect(granted([read, write])).toBe('rw-');
    expect(granted([write, { ...write, right: Right.none }])).toBe('rw-');
  });

  it('trap puts if the first rule that gave the right does', () => {
    expect(granted([read, { ...write, trap: true }, write])).toBe('rwt');
    expect(granted([write, { ...write, trap: true }])).toBe('rw-');
  });

  it('of level 0 do not count for fields of level 1', () => {
    const operator = [read, { ...write, level: 0 }];
    expect(granted(operator, 0)).toBe('rw-');
    expect(granted(operator, 1)).toBe('r--');
  });

  it('count if the user is in one of the groups and the host in one of the groups', () => {
    const rule = { ...write, users: [new Set(['bob']), new Set(['ada'])] };
    expect(granted([rule])).toBe('rw-');
    expect(granted([{ ...rule, hosts: [new Set(['10.0.0.8'])] }])).toBe('---');
    expect(granted([{ ...rule, hosts: [new Set(['10.0.0.8', '10.0.0.7'])] }])).toBe('rw-');
    expect(granted([{ ...write, users: [] }])).toBe('---');
  });

  it('count only for the methods, protocols and authorities that they name', () => {
    const rule = {
      ...write,
      methods: ['x509'],
      protocols: ['TLS'],
      authorities: [['Root', 'Org']],
    };
    const certified = { ...ada, method: 'x509', protocol: 'TLS', authority: ['Root', 'Org'] };
    expect(granted([rule], 1, certified)).toBe('rw-');
    expect(granted([rule])).toBe('---');
    expect(granted([rule], 1, { ...certified, protocol: 'TCP' })).toBe('---');
    expect(granted([rule], 1, { ...certified, authority: ['Root'] })).toBe('---');
    expect(granted([rule], 1, { ...certified, authority: ['Root', 'Org', 'Other'] })).toBe('---');
  });

  it('of RPC contain WRITE', () => {
    expect(granted([{ ...read, right: Right.rpc }])).toBe('rw-');
  });
});

describe('a CALC', () => {
  const inputs = [
    { index: 0, pv: 'A' },
    { index: 1, pv: 'B' },
  ];
  const ofA = { inputs: 1, calculate: (values: Float64Array) => values[0] ?? 0 };
  const group = (condition: Rule['condition']) =>
    new SecurityGroup('G', inputs, [read, { ...write, ...(condition && { condition }) }]);

  it('holds when it is 1 and all its inputs are good', () => {
    const gate = group(ofA);
    expect(gate.grant(1, ada).write).toBe(false);
    expect(gate.setInput(0, 1)).toBe(true);
    expect(gate.grant(1, ada).write).toBe(true);
    expect(gate.setInput(0, undefined)).toBe(true);
    expect(gate.grant(1, ada)).toMatchObject({ read: true, write: false });
  });

  it.each([
    [0.99, false],
    [0.991, true],
    [1.009, true],
    [1.01, false],
    [2, false],
    [Number.NaN, false],
  ])('that results in %d holds: %s', (value, holds) => {
    const gate = group(ofA);
    gate.setInput(0, value);
    expect(gate.grant(1, ada).write).toBe(holds);
  });

  it('cares only about the inputs that it uses', () => {
    const gate = group(ofA);
    gate.setInput(0, 1);
    expect(gate.setInput(1, 5)).toBe(false);
    expect(gate.setInput(1, undefined)).toBe(false);
    expect(gate.grant(1, ada).write).toBe(true);
  });

  it('takes an input that no INP names for 0', () => {
    const ofC = { inputs: 4, calculate: (values: Float64Array) => 1 - (values[2] ?? 0) };
    expect(group(ofC).grant(1, ada).write).toBe(true);
  });
});

describe('a record', () => {
  const named = new SecurityGroup('NAMED', [], [write]);

  it('whose group is not there belongs to DEFAULT', () => {
    const rules = new SecurityRules([named, new SecurityGroup('DEFAULT', [], [read])]);
    expect(rules.groupOf('NAMED')).toBe(named);
    expect(rules.groupOf('').name).toBe('DEFAULT');
    expect(rules.groupOf('typo').grant(0, ada)).toMatchObject({ read: true, write: false });
  });

  it('may not be touched when there is no DEFAULT', () => {
    expect(new SecurityRules([named]).groupOf('').grant(0, ada).read).toBe(false);
  });
});
