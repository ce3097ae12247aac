import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  fileOfTerminal,
  readTerminalDefinition,
  shippedTerminals,
} from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';

describe('the terminal types of a site', () => {
  it('have files by their names, or by what they define', async () => {
    await using scope = new Scope();
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-terminals-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    copyFileSync(join(shippedTerminals, 'EL3104.yaml'), join(folder, 'analogue.yaml'));
    writeFileSync(join(folder, 'broken.yaml'), 'type: EL1004\n');
    expect(fileOfTerminal(folder, 'EL3104')).toBe(join(folder, 'analogue.yaml'));
    expect(fileOfTerminal(folder, 'EL1004')).toBe(join(folder, 'EL1004.yaml'));
    expect(readTerminalDefinition(join(folder, 'analogue.yaml')).type).toBe('EL3104');
  });
});
