import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReal } from '../../../src/records/algorithms/c-format.ts';
import { type PrintSource, printText } from '../../../src/records/algorithms/print.ts';

describe('the text of a printf record', () => {
  it('takes the links in their order, one for each directive and each *', () => {
    expect(print('%d %*d %.*f %s', [1, 4, 2, 1, 2.71, 'end'])).toBe('1    2 2.7 end');
  });

  it('has IVLS where a link gives nothing, or there are no more links', () => {
    expect(print('%d,%d,%d', [1, undefined])).toBe('1,LNK,LNK');
    expect(print('%*d|', [undefined, 3])).toBe('LNK|');
  });

  it('aligns to the left for a negative *, and takes a negative precision as none', () => {
    expect(print('%*d|', [-4, 2])).toBe('2   |');
    expect(print('%.*f|', [-1, 1.5])).toBe('1.500000|');
  });

  it('reads a value as the type that its directive names', () => {
    const types: string[] = [];
    const source: PrintSource = {
      next: (type) => {
        types.push(type);
        return 0;
      },
      nextLongText: () => '',
    };
    printText('%d%hd%hhd%lld%ld%u%hx%hhX%llo%f%hg%c%s%*i', source, '', 100);
    expect(types.join(' ')).toBe(
      'LONG SHORT CHAR INT64 LONG ULONG USHORT UCHAR UINT64 DOUBLE FLOAT CHAR STRING SHORT LONG',
    );
  });

  it('prints texts of any length as %ls, of a precision if it has one', () => {
    expect(print('%ls', ['x'.repeat(60)])).toBe('x'.repeat(60));
    expect(print('%8ls|%-4ls|%.2ls|', ['abc', 'd', 'efgh'])).toBe('     abc|d   |ef|');
  });

  it('ends where there is no more room, between characters', () => {
    expect(printText('a%d', links([12345]), 'LNK', 4)).toBe('a123');
    expect(printText('%s', links(['äöü']), 'LNK', 5)).toBe('äö');
    expect(printText('%99999999d', links([1]), 'LNK', 20)).toHaveLength(20);
  });

  it('ends at a directive without end, and at a NUL', () => {
    expect(print('a%5', [1])).toBe('a');
    expect(print('a%cb', [0])).toBe('a');
  });

  it('shows directives that C does not know', () => {
    expect(print('%y%d', [1])).toBe('%y1');
  });
});

describe('any format', () => {
  it('prints at most as many bytes as there is room', () => {
    const parts = fc.constantFrom(...'%*.-+ #0198hldiouxXeEfFgGcsyä|'.split(''));
    const formats = fc.array(parts, { maxLength: 30 }).map((all) => all.join(''));
    const values = fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 10 });
    fc.assert(
      fc.property(formats, values, fc.nat(80), (format, all, room) => {
        const text = printText(format, links(all), 'LNK', room);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(room);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('numbers printed with 17 figures', () => {
  it('are the same number when read again', () => {
    const format = { flags: '', width: 0, precision: 17, conversion: 'g' };
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatReal(value, format))).toBe(value);
        expect(Number(formatReal(value, { ...format, conversion: 'e' }))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});

type Given = number | string | undefined;

function print(format: string, values: readonly Given[]): string {
  return printText(format, links(values), 'LNK', 200);
}

function links(values: readonly Given[]): PrintSource {
  const left = [...values];
  return {
    next: (type) => {
      const value = left.shift();
      if (value === undefined || type === 'STRING') return value;
      const number = Number(value) || 0;
      return /FLOAT|DOUBLE/.test(type)
        ? number
        : Math.trunc(type[0] === 'U' ? Math.abs(number) : number);
    },
    nextLongText: () => {
      const value = left.shift();
      return value === undefined ? undefined : String(value);
    },
  };
}
