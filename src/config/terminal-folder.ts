import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TerminalDefinition } from '../model/index.ts';
import { ConfigError, fileProblem, type Problem } from './config-error.ts';
import { terminalFile } from './terminal-file.ts';
import { readYaml } from './yaml-file.ts';

/** The package's own `config/`; src/config and dist/config lie equally deep. */
export const shippedConfig = resolve(dirname(fileURLToPath(import.meta.url)), '../../config');

/** Databases that come with the package. */
export const shippedDatabases = resolve(shippedConfig, '../db');

/** Terminal types that come with the package. */
export const shippedTerminals = join(shippedConfig, 'terminals');

/** Rules of the MQTT converter that come with the package. */
export const shippedConverters = join(shippedConfig, 'converters');

/**
 * Every terminal type of the folders' `.yaml` files, by type name. A later folder overrides
 * an earlier one type by type, so a site's own folder comes last; within one folder a type is
 * defined once. Throws one `ConfigError` with the mistakes of all files.
 */
export function loadTerminalDefinitions(
  folders: readonly string[] = [shippedTerminals],
): ReadonlyMap<string, TerminalDefinition> {
  const problems: Problem[] = [];
  const definitions = new Map<string, TerminalDefinition>();
  for (const folder of folders) {
    const fileOf = new Map<string, string>();
    for (const file of yamlFiles(folder, problems)) {
      const definition = attempt(() => readYaml(file, terminalFile), problems);
      if (!definition) continue;
      const other = fileOf.get(definition.type);
      if (other) {
        const message = `type ${definition.type} is defined in ${other} too; keep one of them`;
        problems.push(fileProblem(file, message));
      }
      fileOf.set(definition.type, file);
      definitions.set(definition.type, definition);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return definitions;
}

function yamlFiles(folder: string, problems: Problem[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push(fileProblem(folder, `folder of terminal types cannot be read (${reason})`));
    return [];
  }
}

function attempt<T>(read: () => T, problems: Problem[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
