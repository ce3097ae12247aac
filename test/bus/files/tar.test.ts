import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tar, tarGz } from '../../../src/bus/files/tar.ts';
import { Scope } from '../../../src/kernel/index.ts';

const TIME = Date.UTC(2026, 6, 29);

describe('a tar archive', () => {
  it('has a header of POSIX.1-1988, blocks of 512 bytes, and two of zeros at its end', () => {
    const bytes = Buffer.from(tar([{ name: 'a.db', content: 'hello' }], TIME));
    const field = (at: number, size: number) => bytes.toString('latin1', at, at + size);
    expect(bytes.length).toBe(512 * 4);
    expect(field(0, 5)).toBe('a.db\0');
    expect(field(100, 8)).toBe('0000644\0');
    expect(field(124, 12)).toBe('00000000005\0');
    expect(field(136, 12)).toBe('15232241200\0');
    expect(field(148, 8)).toBe('006515\0 ');
    expect(field(156, 1)).toBe('0');
    expect(field(257, 8)).toBe('ustar\x0000');
    expect(field(512, 6)).toBe('hello\0');
    expect(bytes.subarray(1024).every((byte) => byte === 0)).toBe(true);
  });

  it('is what tar reads', async () => {
    await using scope = new Scope();
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-tar-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.tuple(fc.stringMatching(/^[a-z]{1,20}$/), fc.uint8Array({ maxLength: 1500 })),
          {
            selector: ([name]) => name,
            minLength: 1,
            maxLength: 4,
          },
        ),
        async (files) => {
          const entries = files.map(([name, content]) => ({ name: `in/${name}`, content }));
          const archive = join(folder, 'archive.tar.gz');
          writeFileSync(archive, await tarGz(entries, TIME));
          execFileSync('tar', ['-xzf', archive, '-C', folder]);
          for (const { name, content } of entries) {
            expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(content);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('takes no name that does not fit', () => {
    expect(() => tar([{ name: 'x'.repeat(101), content: '' }], TIME)).toThrow('too long');
  });
});
