import { Command } from 'commander';
import {
  type IocConfig,
  loadChain,
  loadConfig,
  loadTerminalDefinitions,
  shippedTerminals,
} from '../config/index.ts';
import { IocError } from '../kernel/index.ts';
import { walk } from '../model/index.ts';
import { catioNaming, type NamingRule, namedPvs, pvNames } from '../pv/index.ts';
import { type RecordSpec, recordSpecs } from '../records/index.ts';
import { symbolTable } from '../simulator/index.ts';
import { buildTree, type PlantController, plantFactsOf } from '../twincat/index.ts';
import { discoverTree } from './discover-tree.ts';
import { orFail } from './failure.ts';

interface NamesOptions {
  readonly chain?: string;
  readonly prefix?: string;
  readonly json?: true;
}

/** One PV, as `names` prints it. */
interface PvLine {
  readonly name: string;
  readonly recordType: string;
  readonly access: 'read' | 'write';
  readonly unit: string;
  readonly description: string;
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
  const config = file === undefined ? undefined : loadConfig(file);
  const lines = pvLines(ruleOf(config, options), await treeOf(config, options));
  if (options.json) {
    console.log(JSON.stringify(lines, undefined, 2));
    return;
  }
  for (const { name, recordType, access, unit, description } of lines) {
    console.log([name, recordType, access, unit, description].join('\t'));
  }
}

function ruleOf(config: IocConfig | undefined, { prefix }: NamesOptions): NamingRule {
  const given = prefix ?? config?.prefix;
  if (given !== undefined) return { ...catioNaming, ...config?.naming, prefix: given };
  throw new IocError('cli/names', 'the names need a prefix: give --prefix, or a configuration');
}

async function treeOf(
  config: IocConfig | undefined,
  { chain }: NamesOptions,
): Promise<PlantController> {
  const definitions = loadTerminalDefinitions(config?.terminals ?? [shippedTerminals]);
  const target = config?.plant.target;
  const file = chain ?? (target?.kind === 'simulated' ? target.chain : undefined);
  if (file === undefined && config) return discoverTree(config, definitions);
  if (file === undefined) {
    throw new IocError('cli/names', 'which plant? Give a configuration, or --chain FILE');
  }
  const described = loadChain(file);
  const facts = plantFactsOf(described, definitions, symbolTable(described, definitions));
  return buildTree(facts, definitions).tree;
}

function pvLines(rule: NamingRule, tree: PlantController): PvLine[] {
  namedPvs(rule, tree);
  return [...walk(tree)].flatMap((node) =>
    node.controller.attributes.flatMap((attribute) => {
      const { value, setpoint } = recordSpecs(attribute, pvNames(rule, node, attribute));
      const { unit = '', description } = attribute;
      const line = (spec: RecordSpec, access: PvLine['access']): PvLine => ({
        name: spec.name,
        recordType: spec.type,
        access,
        unit,
        description,
      });
      if (setpoint) return [line(setpoint, 'write'), line(value, 'read')];
      return [line(value, attribute.access === 'w' ? 'write' : 'read')];
    }),
  );
}
