import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type PrintSource, printText } from '../../../src/records/algorithms/print.ts';
import { castNumber } from '../../../src/records/index.ts';

describe('printf records print what EPICS base prints', () => {
  for (const [format = '', value = '', expected = ''] of vectors()) {
    it(`"${format}" of ${value} is "${expected}"`, () => {
      expect(printText(format, links(value, '7'), 'LNK', 199)).toBe(expected);
    });
  }
});

function vectors(): string[][] {
  const text = readFileSync(new URL('printf.txt', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  return lines.map((line) => line.split('\t'));
}

function links(...texts: string[]): PrintSource {
  const next = () => texts.shift()?.replace(/"/g, '');
  return {
    next: (type) => {
      const text = next();
      if (text === undefined || type === 'STRING') return text;
      return castNumber(type, numberOf(text));
    },
    nextLongText: next,
  };
}

function numberOf(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
