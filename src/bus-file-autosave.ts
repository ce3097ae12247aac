import { readFile } from 'node:fs/promises';
import {
  CommandFailure,
  type ConfigType,
  type JsonObject,
  type PvClient,
  textContent,
} from './bus/index.ts';
import { parseSaved, type SavedValue } from './database/index.ts';
import type { IocAutosave } from './ioc-autosave.ts';
import { restoredValue, type SaveSet } from './ops/index.ts';

/** Mistakes that are told of one file. */
const MOST_TOLD = 10;

/**
 * What autosave saved: `autosave` is the newest file, `autosave/NAME` that of a set. A file that
 * comes back is put to its PVs, as a client of the bus would; each must be one of the set.
 */
export function autosaveTypes(autosave: IocAutosave, client: PvClient): readonly ConfigType[] {
  const { sets } = autosave;
  if (sets.length === 0) return [];
  const newest = () => sets.toSorted((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0))[0];
  const all = autosaveType('autosave', newest, (name) => sets.some((set) => set.has(name)), client);
  const single = sets.map((set) =>
    autosaveType(
      `autosave/${set.fileName}`,
      () => set,
      (name) => set.has(name),
      client,
    ),
  );
  return [all, ...single];
}

function autosaveType(
  type: string,
  setOf: () => SaveSet | undefined,
  isSaved: (name: string) => boolean,
  client: PvClient,
): ConfigType {
  return {
    type,
    async snapshot() {
      const file = await setOf()?.newest();
      if (!file) throw new CommandFailure('nothing was saved yet, or no file of it is complete');
      return { content: textContent(file.text), path: file.path };
    },
    update: async (file, signal) => restore(await readFile(file, 'utf8'), isSaved, client, signal),
  };
}

/** Nothing is put of a file that is not whole, or that has what is not to come back. */
async function restore(
  text: string,
  isSaved: (name: string) => boolean,
  client: PvClient,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (!/(^|\n)<END>\s*$/.test(text))
    throw new CommandFailure('it is no save file, or not all of one: <END> is missing');
  const { values } = parseSaved(text);
  const strange = values.filter(({ name }) => !isSaved(name));
  if (strange.length > 0) throw refused('is not saved here, and does not come back', strange);
  const problems: string[] = [];
  for (const value of values) {
    const problem = await put(value, client, signal);
    if (problem !== undefined) problems.push(`${value.name}: ${problem}`);
  }
  const restored = values.length - problems.length;
  if (problems.length === 0) return { restored };
  throw new CommandFailure(
    `${problems.length} of ${values.length} values did not come back: ${list(problems)}`,
    {
      restored,
    },
  );
}

/** Why a value was not taken. */
async function put(
  value: SavedValue,
  client: PvClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = value.name.replace(/\$$/, '');
  const field = client.directory.find(name);
  if (!field) return 'there is no such PV';
  const restored = restoredValue(field, value);
  if (typeof restored === 'object' && 'error' in restored) return restored.error;
  const outcome = await client.put(field, restored, false, signal);
  if (outcome.kind === 'done') return undefined;
  return outcome.kind === 'cancelled' ? 'it was cancelled' : outcome.text;
}

function refused(why: string, values: readonly SavedValue[]): CommandFailure {
  return new CommandFailure(list(values.map(({ name }) => `${name} ${why}`)));
}

function list(texts: readonly string[]): string {
  const more = texts.length > MOST_TOLD ? ` and ${texts.length - MOST_TOLD} more` : '';
  return `${texts.slice(0, MOST_TOLD).join('; ')}${more}`;
}
