import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MacroTable } from '../../../src/database/index.ts';

interface Vector {
  readonly definitions: string;
  readonly text: string;
  /** What macExpandString of EPICS base makes of the text. */
  readonly expanded: string;
  /** Whether it reports an undefined or recursive macro. */
  readonly fault?: true;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('macros.json', import.meta.url), 'utf8'),
);

describe('macLib', () => {
  it.each(vectors)('expands $text with $definitions', ({ definitions, text, expanded, fault }) => {
    const expansion = new MacroTable(definitions).expand(text);
    expect(expansion.text).toBe(expanded);
    expect(expansion.faults.length > 0).toBe(fault === true);
  });
});
