import { Command } from 'commander';
import { checkAddresses, declaredRecords } from '../check-databases.ts';
import { loadChain, loadConfig, loadTerminalDefinitions } from '../config/index.ts';
import { checkRequests } from '../ioc-autosave.ts';
import { checkAccess } from '../pv/index.ts';
import { orFail } from './failure.ts';

export function check(): Command {
  return new Command('check')
    .description('Check a configuration and every file that it names; exit code 1 for mistakes.')
    .argument('<config>', 'configuration file (YAML)')
    .action((file: string) => orFail(() => checkConfig(file)));
}

async function checkConfig(file: string): Promise<void> {
  const config = loadConfig(file);
  const definitions = loadTerminalDefinitions(config.terminals);
  for (const { target } of config.plants) {
    if (target.kind === 'simulated') loadChain(target.chain);
  }
  await checkAddresses(declaredRecords(config.databases));
  if (config.autosave) checkRequests(config.autosave);
  const odd = config.access ? checkAccess(config.access) : [];
  for (const warning of odd) process.stderr.write(`${warning}\n`);
  console.log(`${file}: good; prefix ${config.prefix}, ${definitions.size} terminal types`);
}
