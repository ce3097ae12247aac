import { describe, expect, it } from 'vitest';
import { type FileKind, jsonSchema } from '../../src/config/index.ts';

describe('the JSON Schemas for editors', () => {
  // After a change of the schema: npx vitest run test/config -u
  it.each<FileKind>(['ioc', 'terminal', 'chain', 'converter'])(
    'say what a %s file may hold',
    async (kind) => {
      const text = `${JSON.stringify(jsonSchema(kind), null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(`../../config/schema/${kind}.json`);
    },
  );
});
