import { expect, it } from 'vitest';
import { adsErrorText } from '../../src/ads/index.ts';

it.each([
  [0x705, '0x705 size mismatch'],
  [0x7, '0x7 no route to the target NetId'],
  [0x71b, '0x71b wrong interface'],
  [0x06090030, '0x6090030 SDO: value out of range'],
  [0x12345, '0x12345 unknown error'],
])('error %i in words', (code, text) => {
  expect(adsErrorText(code)).toBe(text);
});
