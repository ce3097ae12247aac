import { Command } from 'commander';
import { type IocConfig, loadConfig } from '../config/index.ts';
import { IocError } from '../kernel/index.ts';
import { namesOfChain, namesOfConfig, type PvLine } from '../names.ts';
import { catioNaming, type NamingRule } from '../pv/index.ts';
import { orFail } from './failure.ts';

interface NamesOptions {
  readonly chain?: string;
  readonly prefix?: string;
  readonly json?: true;
}

export function names(): Command {
  return new Command('names')
    .description(
      'Print every PV without serving it: name, record type, access, unit and description, one line each, separated by tabs.',
    )
    .argument('[config]', 'configuration file (YAML); a real plant is asked what it has')
    .option('--chain <file>', 'the plant of a chain file instead; nothing is connected')
    .option('--prefix <prefix>', 'prefix of the names')
    .option('--json', 'a JSON array, for tools')
    .action((file: string | undefined, options: NamesOptions) =>
      orFail(() => printNames(file, options)),
    );
}

async function printNames(file: string | undefined, options: NamesOptions): Promise<void> {
  const lines = await linesOf(file === undefined ? undefined : loadConfig(file), options);
  if (options.json) {
    console.log(JSON.stringify(lines, undefined, 2));
    return;
  }
  for (const { name, recordType, access, unit, description } of lines) {
    console.log([name, recordType, access, unit, description].join('\t'));
  }
}

async function linesOf(config: IocConfig | undefined, given: NamesOptions): Promise<PvLine[]> {
  if (given.chain !== undefined) {
    return namesOfChain(given.chain, ruleOf(config, given), config?.terminals);
  }
  if (config) return namesOfConfig(renamed(config, given));
  throw new IocError('cli/names', 'which plant? Give a configuration, or --chain FILE');
}

/** The prefix of the command line is that of an only plant; several have their own. */
function renamed(config: IocConfig, { prefix }: NamesOptions): IocConfig {
  if (prefix === undefined) return config;
  if (config.plants.length === 1) {
    return { ...config, plants: config.plants.map((plant) => ({ ...plant, prefix })) };
  }
  throw new IocError('cli/names', 'each of several plants has a prefix of its own: no --prefix');
}

function ruleOf(config: IocConfig | undefined, { prefix }: NamesOptions): NamingRule {
  const given = prefix ?? config?.prefix;
  if (given !== undefined) return { ...catioNaming, ...config?.naming, prefix: given };
  throw new IocError('cli/names', 'the names need a prefix: give --prefix, or a configuration');
}
