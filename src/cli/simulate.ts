import { Command } from 'commander';
import { loadChain, loadTerminalDefinitions, shippedConfig } from '../config/index.ts';
import { aborted, createLog, Scope } from '../kernel/index.ts';
import { generateChain, type Simulator, serveControl, simulate } from '../simulator/index.ts';
import { orFail, stopSignal } from './failure.ts';
import { wholeNumber } from './options.ts';

interface SimulateOptions {
  readonly host: string;
  readonly port: number;
  readonly cycle: number;
  readonly chain?: string;
  readonly slaves?: number;
  readonly masters: number;
  readonly frames: number;
  readonly routerPort?: number;
  readonly routesRequired?: true;
  readonly onePerPeer?: true;
  readonly control?: number;
  readonly mqtt?: string;
  readonly network: string;
}

const DEFAULT_CHAIN = `${shippedConfig}/chains/cx7000-22.yaml`;

const port = wholeNumber(0, 65535);

export function simulatePlant(): Command {
  return new Command('simulate')
    .description('Run a simulated TwinCAT system, for any ADS client, until Ctrl-C.')
    .argument('[chain]', 'chain file (YAML or JSON)', DEFAULT_CHAIN)
    .option('--chain <file>', 'the same, as an option')
    .option('--slaves <n>', 'so many slaves of mixed types, no file', wholeNumber(1, 1_000_000))
    .option('--masters <n>', 'EtherCAT masters that --slaves are spread on', wholeNumber(1, 200), 1)
    .option('--frames <n>', 'cyclic frames of each master', wholeNumber(1, 64), 1)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'TCP port, 0 for any that is free', port, 48898)
    .option('--router-port <port>', 'UDP port for discovery and routes (48899), 0 for any', port)
    .option('--routes-required', 'leave a NetId without route in silence')
    .option('--one-per-peer', 'let the newest connection of an IP address end the older ones')
    .option('--control <port>', 'TCP port, on this computer only, for scripted faults', port)
    .option(
      '--mqtt <url>',
      'broker of a virtual AMS network to join, mqtt://host:1883 or ws://host/mqtt',
    )
    .option('--network <topic>', 'the virtual AMS network', 'VirtualAmsNetwork1')
    .option('--cycle <ms>', 'cycle of the plant, in milliseconds', wholeNumber(1, 10_000), 10)
    .action((chain: string, options: SimulateOptions) => orFail(() => serve(chain, options)));
}

async function serve(file: string, options: SimulateOptions): Promise<void> {
  const signal = stopSignal();
  await using scope = new Scope();
  const simulator = scope.use(
    await simulate(
      chainOf(file, options),
      loadTerminalDefinitions(),
      {
        host: options.host,
        port: options.port,
        cycleMs: options.cycle,
        framesPerMaster: options.frames,
        routesRequired: options.routesRequired ?? false,
        oneConnectionPerPeer: options.onePerPeer ?? false,
        ...(options.routerPort !== undefined && { routerPort: options.routerPort }),
        ...(options.mqtt !== undefined && {
          mqtt: { url: options.mqtt, topic: options.network },
        }),
        log: createLog('info'),
      },
      signal,
    ),
  );
  announce(simulator, options.host);
  if (options.control !== undefined) {
    const control = scope.use(await serveControl(simulator, options.control));
    console.log(`Faults: JSON lines on 127.0.0.1:${control.port}, {"command":"help"} tells which`);
  }
  console.log('Ctrl-C stops.');
  await aborted(signal);
}

function chainOf(file: string, { chain, slaves, masters }: SimulateOptions): Simulator['chain'] {
  return slaves === undefined ? loadChain(chain ?? file) : generateChain(slaves, masters);
}

function announce({ chain, port, routerPort }: Simulator, host: string): void {
  const slaves = chain.devices.reduce((sum, device) => sum + device.slaves.length, 0);
  console.log(`Simulated TwinCAT system of ${slaves} slaves on ${host}:${port} (AMS/TCP)`);
  if (routerPort !== undefined) console.log(`Discovery and routes on UDP ${host}:${routerPort}`);
  console.log(
    `System NetId ${chain.systemNetId}, I/O server port 300, symbols ${chain.symbolPort}`,
  );
}
