import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DatabaseLoader, msi } from '../../../src/database/index.ts';

interface Vector {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly macros?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What dbLoadTemplate of s.sub loads: `type name field=text …`. */
  readonly loaded?: readonly string[];
  readonly template?: string;
  readonly global?: boolean;
  /** What msi writes for -S s.sub if there is one. */
  readonly msi?: string;
  /** Undefined macros. */
  readonly faults?: number;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('templates.json', import.meta.url), 'utf8'),
);

/** Runs with the files of a vector in a folder. */
function within<T>({ files }: Vector, run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('dbLoadTemplate', () => {
  it.each(vectors.filter(({ loaded }) => loaded))('$name', (vector) => {
    const { macros, env = {}, loaded } = vector;
    const records = within(vector, (folder) => {
      const loader = new DatabaseLoader({ folder, env });
      loader.loadTemplate('s.sub', macros);
      return loader.database.records.map(({ type, name, fields }) =>
        [type, name, ...fields.map((field) => `${field.name}=${field.text}`)].join(' '),
      );
    });
    expect(records).toEqual(loaded);
  });
});

describe('msi', () => {
  it.each(vectors.filter((vector) => vector.msi !== undefined))('$name', (vector) => {
    const { files, env = {}, msi: expected, faults = 0, name: _, loaded: __, ...rest } = vector;
    const substitutions = 's.sub' in files ? { substitutions: 's.sub' } : {};
    const output = within(vector, (folder) => msi({ ...rest, ...substitutions, folder, env }));
    expect(output.text).toBe(expected);
    expect(output.faults.length).toBe(faults);
  });
});
