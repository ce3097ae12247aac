import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filePath, pathOf } from '../../../src/bus/files/path.ts';

describe('a path of a file', () => {
  it.each([
    ['/server/log_upload/ioc-c8y-mapper-1', ['server', 'log_upload', 'ioc-c8y-mapper-1']],
    ['//a///b/', ['a', 'b']],
    ['/a/./b', ['a', 'b']],
    ['/a/../b', ['b']],
    ['/a/b/../../c', ['c']],
    ['/my%20file', ['my file']],
    ['/a%2Fb', ['a', 'b']],
    ['/type:x-1', ['type:x-1']],
    ['/...', ['...']],
    ['/', []],
    ['', []],
  ])('%s leads to %j', (path, names) => {
    expect(filePath(path)).toEqual(names);
  });

  it.each([
    '/..',
    '/a/../..',
    '/a/../../etc/passwd',
    '/%2e%2e/etc/passwd',
    '/a/%2E%2E/%2e%2e/x',
    '/..%2fetc',
    '/a/%00',
    '/a%0ab',
    '/a\\..\\b',
    '/a%5cb',
    '/%',
    '/%zz',
    '/%ff',
    '/caf\u00e9',
    `/${'x'.repeat(256)}`,
    `/${'x/'.repeat(17)}`,
    `/${'long/'.repeat(250)}`,
  ])('%s leads to nothing', (path) => {
    expect(filePath(path)).toBeUndefined();
  });

  const piece = fc.oneof(
    fc.constantFrom('..', '.', '', '%2e%2e', '%2f', '%5c', '%00', 'a', 'é', '%c3%a9', '~', '...'),
    fc.string({ maxLength: 5 }),
  );

  it('never leads out of its root, whatever it is made of', () => {
    const root = resolve('/srv/files');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const names = filePath(`/${pieces.join('/')}`);
        if (!names) return;
        const path = resolve(join(root, ...names));
        expect(path === root || path.startsWith(root + sep)).toBe(true);
        expect(names.every((name) => name !== '' && !name.includes('/'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('of names leads to the names', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused
      .filter((text) => !/[/\\\u0000-\u001f\u007f]|^\.\.?$|\p{Surrogate}/u.test(text));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        expect(filePath(`/${pathOf(names)}`)).toEqual(names);
      }),
    );
  });

  it('which was followed once stays as it is', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const names = filePath(`/${pieces.join('/')}`);
        if (names) expect(filePath(`/${pathOf(names)}`)).toEqual(names);
      }),
    );
  });
});
