import { Command } from 'commander';
import { packageVersion } from '../release.ts';

/** The commands by name. Each brings along only what it needs: `get` is to be as quick as caget. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).run(),
  simulate: async () => (await import('./simulate.ts')).simulatePlant(),
  probe: async () => (await import('./probe.ts')).probeTarget(),
  check: async () => (await import('./check.ts')).check(),
  bridge: async () => (await import('./bridge.ts')).bridge(),
  names: async () => (await import('./names.ts')).names(),
  soft: async () => (await import('./soft.ts')).soft(),
  console: async () => (await import('./console.ts')).consoleClient(),
  get: async () => (await import('./ca/get.ts')).get(),
  put: async () => (await import('./ca/put.ts')).put(),
  monitor: async () => (await import('./ca/monitor.ts')).monitor(),
};

/**
 * The command line for some arguments; wrong words end with exit code 2, what a command cannot do
 * with 1.
 */
export async function program([name = '']: readonly string[]): Promise<Command> {
  const root = new Command('twincat-ioc')
    .description('An EPICS IOC for Beckhoff EtherCAT I/O behind a TwinCAT I/O server.')
    .version(packageVersion())
    .enablePositionalOptions()
    .showHelpAfterError('(--help tells what there is)')
    .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  for (const make of named ? [named] : Object.values(commands)) {
    root.addCommand((await make()).copyInheritedSettings(root));
  }
  return root.addHelpText(
    'after',
    `
Examples:
  twincat-ioc run config/demo.yaml           an IOC on a simulated plant
  twincat-ioc check config/my-ioc.yaml       every mistake of a configuration, as file:line:column
  twincat-ioc probe 192.168.1.50             what a controller has, and whether it has a route to us
  twincat-ioc names config/my-ioc.yaml       its PVs: name, record type, access, unit, description
  twincat-ioc names --chain chain.json --prefix BL01I-EA-CATIO-01
  twincat-ioc soft -d soft.db                records of a database, and a shell on them
  twincat-ioc monitor DEMO:ETH1:FrameRate    a PV of any IOC, as camonitor shows it; also get and put`,
  );
}
