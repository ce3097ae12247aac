import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slot } from '../../src/model/index.ts';
import { NameIndex, type NameSource } from '../../src/pv/name-index.ts';

/** Records by name, and other names for them. */
class Names implements NameSource {
  readonly records = new Map<string, Slot>();
  readonly others = new Map<string, Slot>();

  get size() {
    return this.records.size;
  }

  get aliasCount() {
    return this.others.size;
  }

  entries() {
    return this.records;
  }

  aliases() {
    return this.others;
  }

  add(...names: readonly string[]): this {
    for (const name of names) this.records.set(name, this.records.size as Slot);
    return this;
  }
}

function finder(names: Names) {
  const index = new NameIndex(names);
  return (name: string) => {
    const bytes = Buffer.from(`<${name}>`);
    return index.find(bytes, 1, bytes.length - 1);
  };
}

describe('an index of names', () => {
  it('finds a record by the bytes of its name, and nothing by others', () => {
    const find = finder(new Names().add('A', 'AB', 'Ä'));
    expect(['A', 'AB', 'Ä', 'B', '', 'ABC'].map(find)).toEqual([
      ...[0, 1, 2],
      ...[undefined, undefined, undefined],
    ]);
  });

  it('follows records and aliases that come later', () => {
    const names = new Names().add('A');
    const find = finder(names);
    expect(find('B')).toBeUndefined();
    names.add('B');
    names.others.set('ALSO', 1 as Slot);
    expect([find('A'), find('B'), find('ALSO')]).toEqual([0, 1, 1]);
  });

  it('finds each of any number of names, and no other', () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' });
    const some = fc.uniqueArray(name, { maxLength: 500 });
    fc.assert(
      fc.property(some, some, (known, asked) => {
        const names = new Names().add(...known);
        const find = finder(names);
        for (const each of [...known, ...asked]) expect(find(each)).toBe(names.records.get(each));
      }),
      { numRuns: 50 },
    );
  });
});
