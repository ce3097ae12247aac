import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferredLinks, portNames } from '../../src/model/index.ts';

/** `EL3104 at 2B`: place of the parent in bus order from 0, and its port. */
function plugged(...types: string[]): string[] {
  return inferredLinks(types).map(({ parent, port }, i) => {
    const at = parent === undefined ? 'the master' : `${parent}${portNames[port]}`;
    return `${types[i]} at ${at}`;
  });
}

describe('how slaves are plugged together by their types', () => {
  it('is one behind the other for terminals behind a coupler', () => {
    expect(plugged('EK1100', 'EL1004', 'EL3104')).toEqual([
      'EK1100 at the master',
      'EL1004 at 0B',
      'EL3104 at 1B',
    ]);
  });

  it('has the next coupler at the cable port of the coupler before, not at its last terminal', () => {
    expect(plugged('EK1100', 'EL1004', 'EK1100', 'EL2024', 'EP3174-0002')).toEqual([
      'EK1100 at the master',
      'EL1004 at 0B',
      'EK1100 at 0C',
      'EL2024 at 2B',
      'EP3174-0002 at 2C',
    ]);
  });

  it('goes on behind an extension by its cable', () => {
    expect(plugged('EK1110', 'EK1100', 'EL1004', 'EK1110', 'EK1100')).toEqual([
      'EK1110 at the master',
      'EK1100 at 0B',
      'EL1004 at 1B',
      'EK1110 at 2B',
      'EK1100 at 3B',
    ]);
  });

  it('comes back to a junction after each branch, as the frame does', () => {
    expect(
      plugged('EK1100', 'EK1122', 'EP3174-0002', 'EP2338-0002', 'EL1004', 'EK1100', 'EL2024'),
    ).toEqual([
      'EK1100 at the master',
      'EK1122 at 0B',
      'EP3174-0002 at 1D',
      'EP2338-0002 at 2B',
      'EL1004 at 1B',
      'EK1100 at 1C',
      'EL2024 at 5B',
    ]);
  });

  it('of a fibre junction goes on with its terminals before its fibre', () => {
    expect(plugged('EK1100', 'EK1521', 'EL1004', 'EK1541', 'EL2024')).toEqual([
      'EK1100 at the master',
      'EK1521 at 0B',
      'EL1004 at 1B',
      'EK1541 at 1C',
      'EL2024 at 3B',
    ]);
  });

  it('is behind the newest for what fits nowhere', () => {
    expect(plugged('EL1004', 'AX5206', 'EL2024')).toEqual([
      'EL1004 at the master',
      'AX5206 at 0B',
      'EL2024 at 1B',
    ]);
  });

  it('is a tree in bus order, whatever the types', () => {
    const type = fc.constantFrom('EK1100', 'EK1110', 'EK1122', 'EK1521', 'EL1004', 'EP1122', 'X');
    fc.assert(
      fc.property(fc.array(type, { maxLength: 60 }), (types) => {
        inferredLinks(types).forEach(({ parent, port }, i) => {
          expect(parent === undefined).toBe(i === 0);
          expect(parent ?? -1).toBeLessThan(i);
          expect([0, 1, 2, 3]).toContain(port);
          if (i > 0) expect(port).toBeGreaterThan(0);
        });
      }),
    );
  });
});
