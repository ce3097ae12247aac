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
});
