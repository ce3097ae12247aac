import { describe, expect, it } from 'vitest';
import { permits } from '../../../src/bus/commands/permits.ts';

const put = { name: 'epics_put', guard: 'write' } as const;
const reset = { name: 'ecat_reset_counters', guard: 'control' } as const;
const get = { name: 'epics_get', guard: 'read' } as const;

describe('what may be asked over the bus', () => {
  it('is nothing but to look, unless the configuration says more', () => {
    const { refusal } = permits({ allow: [], deny: [] });
    expect(refusal(get, 'BL07:A')).toBeUndefined();
    expect(refusal(put, 'BL07:A')).toBe('epics_put is off: bus.commands.allow does not name it');
  });

  it('is what a pattern allows, on what another one names', () => {
    const rules = permits({
      allow: [
        { operation: 'epics_put', on: ['BL07:ETH1:*', '/:Speed$/'] },
        { operation: 'ecat_*' },
      ],
      deny: [],
    });
    expect(rules.refusal(put, 'BL07:ETH1:RIO1:MOD2:Out')).toBeUndefined();
    expect(rules.refusal(put, 'BL08:Speed')).toBeUndefined();
    expect(rules.refusal(put, 'BL08:Out')).toMatch(/^epics_put on BL08:Out is off/);
    expect(rules.refusal(reset, 'BL07:ETH1')).toBeUndefined();
  });

  it('is no field of a record, unless a pattern names that', () => {
    const { refusal } = permits({
      allow: [
        { operation: 'epics_put', on: ['BL07:*', '/Speed/', 'BL08:*.HIGH', '/^X.*\\.LOW$/'] },
      ],
      deny: [],
    });
    expect(refusal(put, 'BL07:A')).toBeUndefined();
    expect(refusal(put, 'BL07:A.DRVH')).toMatch(/does not name that$/);
    expect(refusal(put, 'BL09:Speed.ASG')).toMatch(/does not name that$/);
    expect(refusal(put, 'BL08:A.HIGH')).toBeUndefined();
    expect(refusal(put, 'BL08:A.HIHI')).toMatch(/does not name that$/);
    expect(refusal(put, 'XY.LOW')).toBeUndefined();
  });

  it('is not even to look where that is denied', () => {
    const { refusal } = permits({ allow: [], deny: ['epics_*'] });
    expect(refusal(get, 'BL07:A')).toBe('epics_get is off: bus.commands.deny names it');
  });
});
