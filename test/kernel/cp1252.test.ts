import { describe, expect, it } from 'vitest';
import { cp1252Bytes, cp1252Text, hexExcerpt } from '../../src/kernel/index.ts';

describe('Windows-1252', () => {
  it('carries the characters that Latin-1 lacks', () => {
    expect(hexExcerpt(cp1252Bytes('10 µs €'))).toBe('31 30 20 b5 73 20 80');
    expect(cp1252Text(Uint8Array.of(0x31, 0x30, 0x20, 0xb5, 0x73))).toBe('10 µs');
  });

  it('ends a text at its NUL', () => {
    expect(cp1252Text(Uint8Array.of(0x41, 0, 0x42))).toBe('A');
  });

  it('writes a question mark for what it cannot say', () => {
    expect(cp1252Text(cp1252Bytes('Ω1'))).toBe('?1');
  });

  it('round-trips every byte but NUL', () => {
    const all = Uint8Array.from({ length: 255 }, (_, i) => i + 1);
    expect(cp1252Bytes(cp1252Text(all))).toEqual(all);
  });
});
