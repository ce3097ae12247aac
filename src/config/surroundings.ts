import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../kernel/index.ts';
import type { Complaints } from './config-error.ts';

/** What a file says may depend on: where it lies, the environment; and who hears of mistakes. */
export interface Surroundings extends Complaints {
  /** A path of the file, which is relative to the file. */
  near(path: string): string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function surroundingsOf(
  file: string,
  env: Surroundings['env'],
  complaints: Complaints,
): Surroundings {
  return { ...complaints, env, near: (path) => resolve(dirname(file), path) };
}

/** The same for a part of the file: complaints are about keys within it. */
export function within(around: Surroundings, at: readonly PropertyKey[]): Surroundings {
  return {
    ...around,
    complain: (path, message) => around.complain([...at, ...path], message),
  };
}

/** The text of a file that another one names; a complaint, and undefined, when it cannot be read. */
export function textNamed(file: string, complain: (message: string) => void): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    complain(`${file} cannot be read (${messageOf(cause)}); check the path`);
    return undefined;
  }
}
