import { Command } from 'commander';
import { loadChain, loadTerminalDefinitions, shippedConfig } from '../config/index.ts';
import { aborted, createLog } from '../kernel/index.ts';
import { simulate } from '../simulator/index.ts';
import { orFail, stopSignal } from './failure.ts';
import { wholeNumber } from './options.ts';

interface SimulateOptions {
  readonly host: string;
  readonly port: number;
  readonly cycle: number;
}

export function simulatePlant(): Command {
  return new Command('simulate')
    .description('Run a simulated TwinCAT system, for any ADS client, until Ctrl-C.')
    .argument('[chain]', 'chain file (YAML or JSON)', `${shippedConfig}/chains/cx7000-22.yaml`)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'TCP port, 0 for any that is free', wholeNumber(0, 65535), 48898)
    .option('--cycle <ms>', 'cycle of the plant, in milliseconds', wholeNumber(1, 10_000), 10)
    .action((chain: string, options: SimulateOptions) => orFail(() => serve(chain, options)));
}

async function serve(file: string, { host, port, cycle }: SimulateOptions): Promise<void> {
  const signal = stopSignal();
  const chain = loadChain(file);
  const log = createLog('info');
  const options = { host, port, cycleMs: cycle, log };
  await using simulator = await simulate(chain, loadTerminalDefinitions(), options, signal);
  const slaves = chain.devices.reduce((sum, device) => sum + device.slaves.length, 0);
  console.log(
    `Simulated TwinCAT system of ${slaves} slaves on ${host}:${simulator.port} (AMS/TCP)`,
  );
  console.log(
    `System NetId ${chain.systemNetId}, I/O server port 300, symbols ${chain.symbolPort}`,
  );
  console.log('Ctrl-C stops.');
  await aborted(signal);
}
