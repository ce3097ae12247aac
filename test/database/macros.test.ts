import { describe, expect, it } from 'vitest';
import { MacroTable } from '../../src/database/index.ts';

describe('macro expansion', () => {
  it('looks in the environment for what is not defined', () => {
    const macros = new MacroTable('A=1', (name) => (name === 'TOP' ? '/ioc/$(A)' : undefined));
    expect(macros.expand('$(TOP)/db').text).toBe('/ioc/1/db');
  });

  it('forgets the definitions of a scope with it', () => {
    const macros = new MacroTable('A=1');
    macros.pushScope();
    macros.define('A=2,B=3');
    expect(macros.expand('$(A)$(B)').text).toBe('23');
    macros.popScope();
    expect(macros.expand('$(A)$(B=)').text).toBe('1');
  });

  it.each([
    [
      'references without end',
      '$(A)',
      'A=$(B)$(B)$(B),B=$(C)$(C)$(C),C=$(D)$(D)$(D),D=$(E)$(E)$(E),E=$(F)$(F)$(F),F=$(G)$(G)$(G),G=$(H)$(H)$(H),H=$(I)$(I)$(I),I=$(J)$(J)$(J),J=',
    ],
    ['nesting without end', '$('.repeat(100_000), ''],
    ['defaults without end', '$(A='.repeat(100_000), ''],
    [
      'growth without end',
      '$(A)',
      `A=$(B)$(B)$(B)$(B),B=$(C)$(C)$(C)$(C),C=${'x'.repeat(100_000)}`,
    ],
  ])('gives up on %s', (_, text, definitions) => {
    const macros = new MacroTable(definitions);
    expect(macros.expand(text).faults[0]?.message).toContain('given up');
    // Scopes that were open are closed again.
    expect(macros.expand('$(Z=)').faults).toEqual([]);
  });
});
