import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalDefinition } from '../model/index.ts';
import { ConfigError } from './config-error.ts';
import { terminalFile } from './terminal-file.ts';
import { readYaml } from './yaml-file.ts';

/** The terminal type that a file defines. Throws a `ConfigError` with every mistake of it. */
export function readTerminalDefinition(file: string): TerminalDefinition {
  return readYaml(file, terminalFile);
}

/** Files of a folder that define terminal types, by name. */
export function terminalFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
}

/** The file of a folder that defines a type, or that would. */
export function fileOfTerminal(folder: string, type: string): string {
  const found = terminalFiles(folder).find((name) => typeIn(join(folder, name)) === type);
  return join(folder, found ?? `${type}.yaml`);
}

function typeIn(file: string): string | undefined {
  try {
    return readTerminalDefinition(file).type;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
