import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DatabaseError, DatabaseLoader, type DatabaseRecord } from '../../../src/database/index.ts';

interface Vector {
  readonly name: string;
  readonly text: string;
  readonly macros?: string;
  /** `type name FIELD=text … = alias …` of each record that softIoc has then. */
  readonly records?: readonly string[];
  /** Info tags of the first record. */
  readonly infos?: readonly string[];
  /** Line and column of what softIoc refuses. */
  readonly error?: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('records.json', import.meta.url), 'utf8'),
);

function load({ text, macros }: Vector): readonly DatabaseRecord[] {
  const loader = new DatabaseLoader({ env: {} });
  loader.loadText('x.db', text, macros);
  return loader.database.records;
}

function shown({ type, name, fields, aliases }: DatabaseRecord): string {
  const values = fields.map((field) => `${field.name}=${field.text}`);
  return [type, name, ...values, ...(aliases.length > 0 ? ['=', ...aliases] : [])].join(' ');
}

describe('softIoc', () => {
  it.each(vectors.filter(({ records }) => records))('takes $name', (vector) => {
    expect(load(vector).map(shown)).toEqual(vector.records);
  });

  it.each(vectors.filter(({ infos }) => infos))('takes $name', (vector) => {
    const [record] = load(vector);
    expect(record?.infos.map((info) => `${info.name}=${info.text}`)).toEqual(vector.infos);
  });

  it.each(vectors.filter(({ error }) => error !== undefined))('refuses $name', (vector) => {
    try {
      load(vector);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const [first] = error.problems;
      expect(`${first?.line}:${first?.column}`).toBe(vector.error);
    }
  });
});
