import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  ConfigError,
  type IocConfig,
  loadConfig,
  type PlantConfig,
} from '../../src/config/index.ts';
import type { Scope } from '../../src/kernel/index.ts';

/** Writes files into a folder that is gone with the scope; returns the path of the first. */
export function filesTogether(scope: Scope, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ioc-config-'));
  scope.defer(() => rm(folder, { recursive: true }));
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  return paths[0] ?? folder;
}

/** The mistakes that loading meets, without the folder of the files. */
export function mistakesOf(
  file: string,
  env: Readonly<Record<string, string>> = {},
): readonly string[] {
  try {
    loadConfig(file, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(`${dirname(file)}/`, '').split('\n');
  }
  return [];
}

/** The only plant of a configuration. */
export function plantOf({ plants: [plant] }: IocConfig): PlantConfig {
  if (!plant) throw new Error('the configuration names a plant');
  return plant;
}

/** The network of a configuration that names a broker. */
export function networkOf(config: IocConfig) {
  const { target } = plantOf(config);
  if (target.kind !== 'mqtt') throw new Error(`the plant is no peer but ${target.kind}`);
  return target.network;
}
