import { Command } from 'commander';
import { packageVersion } from '../release.ts';
import { get } from './ca/get.ts';
import { monitor } from './ca/monitor.ts';
import { put } from './ca/put.ts';
import { check } from './check.ts';
import { consoleClient } from './console.ts';
import { names } from './names.ts';
import { probeTarget } from './probe.ts';
import { run } from './run.ts';
import { simulatePlant } from './simulate.ts';
import { soft } from './soft.ts';

/** The command line; wrong words end with exit code 2, what a command cannot do with 1. */
export function program(): Command {
  const root = new Command('twincat-ioc')
    .description('An EPICS IOC for Beckhoff EtherCAT I/O behind a TwinCAT I/O server.')
    .version(packageVersion())
    .enablePositionalOptions()
    .showHelpAfterError('(--help tells what there is)')
    .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
  const ofIoc = [run(), simulatePlant(), probeTarget(), check(), names(), soft(), consoleClient()];
  for (const command of [...ofIoc, get(), put(), monitor()]) {
    root.addCommand(command.copyInheritedSettings(root));
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
