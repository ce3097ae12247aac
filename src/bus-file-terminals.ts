import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  bytesContent,
  CommandFailure,
  type ConfigType,
  type JsonObject,
  replaceFile,
  tarGz,
} from './bus/index.ts';
import {
  fileOfTerminal,
  loadTerminalDefinitions,
  readTerminalDefinition,
  shippedTerminals,
  terminalFiles,
} from './config/index.ts';
import { messageOf, systemClock } from './kernel/index.ts';
import type { ServedPlant } from './plants.ts';
import type { TerminalTrial } from './terminal-trial.ts';
import type { Definitions } from './twincat/index.ts';

/** Of one definition: reading it must not take the IOC's time. */
const MOST_BYTES = 2 ** 20;

/** PVs that are told of. */
const MOST_TOLD = 20;

/**
 * The definitions of terminal types: all in an archive; a new one is tried on the plants that were
 * found, and takes its place in the last folder of the site. A restart applies it.
 */
export function terminalTypes(
  folders: readonly string[],
  plants: readonly ServedPlant[],
): ConfigType {
  return {
    type: 'terminal-types',
    async snapshot() {
      return { content: bytesContent(await tarGz(await archived(folders), systemClock.now())) };
    },
    maxBytes: MOST_BYTES,
    update: (file) => replaceDefinition(file, folders, plants),
  };
}

/** `shipped/EL3104.yaml`, `site/EL3104.yaml`; of several folders of a site each has a number. */
async function archived(folders: readonly string[]) {
  const sites = folders.filter((folder) => folder !== shippedTerminals);
  const nameOf = (folder: string) => {
    if (folder === shippedTerminals) return 'shipped';
    return sites.length === 1 ? 'site' : `site${sites.indexOf(folder) + 1}`;
  };
  const entries = folders.flatMap((folder) =>
    terminalFiles(folder).map(async (name) => ({
      name: `${nameOf(folder)}/${name}`,
      content: await readFile(join(folder, name)),
    })),
  );
  return Promise.all(entries);
}

async function replaceDefinition(
  given: string,
  folders: readonly string[],
  plants: readonly ServedPlant[],
): Promise<JsonObject> {
  const folder = folders.findLast((each) => each !== shippedTerminals);
  if (folder === undefined) {
    const text =
      'this IOC has no folder for terminal types of its site; configure one: terminals: [folder]';
    throw new CommandFailure(text);
  }
  const definition = orRefused(() => readTerminalDefinition(given), given);
  const { type } = definition;
  if (basename(type) !== type || type.startsWith('.')) {
    throw new CommandFailure(`"${type}" cannot be the name of a file`);
  }
  const before = loadTerminalDefinitions(folders);
  const trials = tried(plants, new Map([...before, [type, definition]]));
  const path = fileOfTerminal(folder, type);
  await replaceVerified(path, await readFile(given), () => loadTerminalDefinitions(folders));
  const [come, gone] = [trials.flatMap((each) => each.come), trials.flatMap((each) => each.gone)];
  return { path, applied: 'at the next start', come: told(come), gone: told(gone) };
}

/** What the definitions would make of each plant that was found; throws what would be worse than now. */
function tried(plants: readonly ServedPlant[], definitions: Definitions): readonly TerminalTrial[] {
  const trials = plants.flatMap(
    (plant) => orRefused(() => plant.tryDefinitions(definitions)) ?? [],
  );
  const problems = trials.flatMap((each) => each.problems);
  if (problems.length === 0) return trials;
  throw new CommandFailure(`it does not fit the plant: ${problems.slice(0, MOST_TOLD).join('; ')}`);
}

/** Puts a file in its place, and the old one back when all together are not right any more. */
async function replaceVerified(
  path: string,
  contents: Uint8Array,
  verify: () => void,
): Promise<void> {
  const before = await readFile(path).catch(() => undefined);
  await replaceFile(path, contents, 0o644);
  try {
    verify();
  } catch (error) {
    if (before) await replaceFile(path, before, 0o644);
    else await rm(path, { force: true });
    throw new CommandFailure(`it was taken back: ${messageOf(error)}`);
  }
}

/** Mistakes are told of the file that came, not of where it lay meanwhile. */
function orRefused<T>(work: () => T, file = ''): T {
  try {
    return work();
  } catch (error) {
    const text =
      file === '' ? messageOf(error) : messageOf(error).replaceAll(file, 'terminal type');
    throw new CommandFailure(text);
  }
}

function told(names: readonly string[]): readonly string[] {
  const more = names.length - MOST_TOLD;
  return more > 0 ? [...names.slice(0, MOST_TOLD), `and ${more} more`] : names;
}
