import { describe, expect, it } from 'vitest';
import { loadTerminalDefinitions } from '../../src/config/index.ts';

describe('terminal definitions', () => {
  it('come as 36 types', () => {
    expect(loadTerminalDefinitions().size).toBe(36);
  });
});
