import { Command } from 'commander';
import { bridgeText, writeBridges } from '../bridge-text.ts';
import { loadConfig } from '../config/index.ts';
import { orFail } from './failure.ts';

interface BridgeOptions {
  readonly output?: string;
}

export function bridge(): Command {
  return new Command('bridge')
    .description(
      'Print the bridges of a configuration (bus.bridges) for mosquitto: put it into a file of /etc/mosquitto/conf.d.',
    )
    .argument('<config>', 'configuration file (YAML)')
    .argument('[name]', 'only this bridge')
    .option('-o, --output <file>', 'write it, with passwords, to a file for your eyes only')
    .action((file: string, name: string | undefined, { output }: BridgeOptions) =>
      orFail(async () => {
        const config = loadConfig(file);
        if (output !== undefined) writeBridges(config, name, output);
        else process.stdout.write(bridgeText(config, name, { withSecrets: false }));
      }),
    );
}
