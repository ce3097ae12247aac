import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineRing } from '../../src/kernel/index.ts';

describe('a ring of lines', () => {
  it('keeps the newest', () => {
    const ring = new LineRing(3, 1000);
    for (const line of ['a\n', 'b\n', 'c', 'd\n']) ring.write(line);
    expect(ring.lines()).toEqual(['b', 'c', 'd']);
  });

  it('keeps no more than its bytes', () => {
    const ring = new LineRing(100, 10);
    for (const line of ['12345', '6789', 'abcd']) ring.write(line);
    expect(ring.lines()).toEqual(['6789', 'abcd']);
    ring.write('longer than all of it');
    expect(ring.lines()).toEqual([]);
    ring.write('x');
    expect(ring.lines()).toEqual(['x']);
  });

  it('keeps what a list cut to its bounds would, after any number of lines', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ maxLength: 6 }).filter((line) => !line.endsWith('\n')),
          { maxLength: 60 },
        ),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 20 }),
        (lines, most, bytes) => {
          const ring = new LineRing(most, bytes);
          const kept: string[] = [];
          for (const line of lines) {
            ring.write(line);
            kept.push(line);
            while (kept.length > most || (kept.join('').length > bytes && kept.length > 0))
              kept.shift();
          }
          expect(ring.lines()).toEqual(kept);
        },
      ),
    );
  });
});
