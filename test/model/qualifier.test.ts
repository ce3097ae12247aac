import { describe, expect, it } from 'vitest';
import { AlarmStatus, isTrouble, Severity } from '../../src/model/index.ts';

const read = { status: AlarmStatus.read, severity: Severity.invalid };

describe('a qualifier', () => {
  it('means trouble at the values that it lists', () => {
    const wcState = { attribute: 'wcstate', trouble: [1], ...read };
    expect(isTrouble(wcState, 1)).toBe(true);
    expect(isTrouble(wcState, 0)).toBe(false);
  });

  it('or at every value but those that are fine', () => {
    const operational = { attribute: 'ecat_state', trouble: { except: [8] }, ...read };
    expect(isTrouble(operational, 8)).toBe(false);
    expect(isTrouble(operational, 0)).toBe(true);
    expect(isTrouble(operational, 4)).toBe(true);
  });

  it('by standstill means no trouble at any value', () => {
    const toggle = { attribute: 'input_toggle', trouble: 'standstill', ...read } as const;
    expect([isTrouble(toggle, 0), isTrouble(toggle, 1)]).toEqual([false, false]);
  });

  it('looks at the bits of its mask alone', () => {
    const info = { attribute: 'infodata_state', trouble: { except: [0, 8], mask: 0xff }, ...read };
    for (const fine of [0, 8, 0x108, 0x200]) expect(isTrouble(info, fine), `${fine}`).toBe(false);
    for (const wrong of [1, 2, 3, 4, 0x18, 0x48, 0x88, 0x10, 0x101]) {
      expect(isTrouble(info, wrong), `${wrong}`).toBe(true);
    }
  });
});
