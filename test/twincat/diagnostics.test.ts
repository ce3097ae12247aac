import { describe, expect, it } from 'vitest';
import { etherCatStateOf, isHealthy, linkText, stateText } from '../../src/twincat/index.ts';

describe('the state byte of a slave', () => {
  it.each([
    [0x08, 'OP'],
    [0x04, 'SAFEOP'],
    [0x03, 'BOOT'],
    [0x02, 'PREOP'],
    [0x01, 'INIT'],
    [0x00, 'INIT'],
    [0x14, 'SAFEOP, error'],
    [0x62, 'PREOP, identity mismatch, init command error'],
    [0x88, 'OP, disabled'],
    [0x0f, 'unknown state 15'],
  ])('0x%s means %s', (byte, text) => expect(stateText(byte)).toBe(text));

  it('is no state when EtherCAT knows none of that number', () => {
    expect(etherCatStateOf(0x05)).toBeUndefined();
    expect(etherCatStateOf(0xf8)).toBe(8);
  });
});

describe('the link byte of a slave', () => {
  it.each([
    [0x00, 'good'],
    [0x01, 'not present'],
    [0x24, 'missing link, port B'],
    [0xca, 'link without communication, additional link, port C, port D'],
    [0x10, 'port A'],
  ])('%i means %s', (byte, text) => expect(linkText(byte)).toBe(text));
});

it('only OP without any fault, on a good link, is healthy', () => {
  expect(isHealthy({ state: 8, link: 0 })).toBe(true);
  expect(isHealthy({ state: 0x18, link: 0 })).toBe(false);
  expect(isHealthy({ state: 8, link: 1 })).toBe(false);
  expect(isHealthy({ state: 4, link: 0 })).toBe(false);
});
