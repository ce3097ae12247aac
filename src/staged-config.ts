import { copyFileSync, existsSync, renameSync, statSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type IocConfig, loadConfig, loadTerminalDefinitions, unmasked } from './config/index.ts';
import { IocError, messageOf, syncFolder } from './kernel/index.ts';

/** Behind the name of a configuration file: the one that the next start is to try. */
const STAGED = '.staged';
/** The one that a start tries now; who finds it at the next start knows that this one died of it. */
const TRYING = '.trying';
/** The one that was refused, and the one that was there before. */
const REFUSED = '.refused';
const PREVIOUS = '.previous';

type Environment = Readonly<Record<string, string | undefined>>;

/** What an IOC starts with: its configuration, or one that waits to take its place. */
export interface ChosenConfig {
  readonly config: IocConfig;
  readonly isStaged: boolean;
  /** The IOC runs with it: it takes the place of the old one, which is kept as `.previous`. */
  keep(): void;
  /** The start was not to its end: the next one tries again. */
  postpone(): void;
  /** The IOC cannot start with it: it is put aside as `.refused`. */
  refuse(why: string): void;
}

/**
 * Keeps a file for the next start in the place of the configuration. Rejects with every mistake of
 * it; masked secrets stand for those of the configuration.
 */
export async function stageConfig(file: string, from: string, env: Environment): Promise<void> {
  const draft = `${file}.draft`;
  try {
    const text = unmasked(await readFile(from, 'utf8'), file);
    // Beside the old one: paths in it are relative to it. Nobody may read it who may not read that.
    const handle = await open(draft, 'w', statSync(file).mode & 0o777);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    check(draft, env);
    await rename(draft, `${file}${STAGED}`);
    await syncFolder(dirname(file));
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    const why = messageOf(cause).replaceAll(draft, file);
    throw new IocError('config/stage', `the configuration is not taken: ${why}`, { cause });
  }
}

/** The configuration to start with. A staged one that cannot be loaded is refused, and told of. */
export function chooseConfig(
  file: string,
  env: Environment,
  warn: (text: string) => void,
): ChosenConfig {
  const [staged, trying] = [`${file}${STAGED}`, `${file}${TRYING}`];
  const refuse = (why: string) => {
    renameSync(trying, `${file}${REFUSED}`);
    warn(`the new configuration is refused, kept as ${file}${REFUSED}: ${why}`);
  };
  if (existsSync(trying)) refuse('the IOC did not come up with it');
  if (!existsSync(staged)) return current(file, env);
  renameSync(staged, trying);
  try {
    const config = check(trying, env);
    const keep = () => {
      copyFileSync(file, `${file}${PREVIOUS}`);
      renameSync(trying, file);
    };
    const postpone = () => renameSync(trying, staged);
    return { config, isStaged: true, keep, postpone, refuse };
  } catch (error) {
    refuse(messageOf(error).replaceAll(trying, file));
    return current(file, env);
  }
}

function current(file: string, env: Environment): ChosenConfig {
  const nothing = () => {};
  const config = loadConfig(file, env);
  return { config, isStaged: false, keep: nothing, postpone: nothing, refuse: nothing };
}

/** All that can be wrong before a start. */
function check(file: string, env: Environment): IocConfig {
  const config = loadConfig(file, env);
  loadTerminalDefinitions(config.terminals);
  return config;
}
