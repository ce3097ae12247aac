import { Command } from 'commander';
import { type AmsNetId, amsPort, type Route } from '../ads/index.ts';
import { createLog, IocError } from '../kernel/index.ts';
import { probe } from '../probe.ts';
import { orFail } from './failure.ts';
import { netIdOption, wholeNumber } from './options.ts';

interface ProbeFlags {
  readonly port: number;
  readonly routerPort: number;
  readonly netId?: AmsNetId;
  readonly sourceNetId?: AmsNetId;
  readonly addRoute?: true;
  readonly timeout: number;
}

export function probeTarget(): Command {
  const port = wholeNumber(1, 65535);
  return new Command('probe')
    .description(
      'Look at a TwinCAT system: identity, state, devices, slaves, and whether it has a route to us.',
    )
    .argument('<host>', 'name or address of the controller')
    .option('--port <port>', 'AMS/TCP port', port, 48898)
    .option('--router-port <port>', 'UDP port of its router', port, 48899)
    .option('--net-id <id>', 'its AMS NetId; asked for unless told', netIdOption)
    .option('--source-net-id <id>', 'our AMS NetId; <our IPv4>.1.1 unless told', netIdOption)
    .option('--timeout <seconds>', 'longest wait for an answer', wholeNumber(1, 600), 3)
    .option('--add-route', 'add a route to us first, see below')
    .addHelpText(
      'after',
      `
--add-route takes the controller's user from TWINCAT_USER (Administrator) and the password from
TWINCAT_PASSWORD. Both travel in plain text, as the protocol wants it; they are never logged.`,
    )
    .action((host: string, flags: ProbeFlags) => orFail(() => look(host, flags)));
}

async function look(host: string, flags: ProbeFlags): Promise<void> {
  const { port, routerPort, netId, sourceNetId, timeout } = flags;
  const options = {
    host,
    port,
    routerPort,
    netId,
    source: { netId: sourceNetId, port: amsPort(8000) },
    route: flags.addRoute ? routeFromEnvironment(sourceNetId) : undefined,
    timeoutMs: timeout * 1000,
    log: createLog('silent'),
  };
  if (!(await probe(options, console.log))) process.exitCode = 1;
}

function routeFromEnvironment(netId: AmsNetId | undefined): Route {
  const password = process.env['TWINCAT_PASSWORD'];
  if (password !== undefined) {
    return { netId, user: process.env['TWINCAT_USER'] ?? 'Administrator', password };
  }
  throw new IocError('cli/probe', '--add-route needs the password in TWINCAT_PASSWORD');
}
