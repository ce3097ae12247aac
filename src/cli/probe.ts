import { Command } from 'commander';
import { type AmsNetId, amsPort, type MqttConfig, type Route } from '../ads/index.ts';
import { loadConfig, type PlantConfig, type RouteRequest } from '../config/index.ts';
import { createLog, IocError } from '../kernel/index.ts';
import { type ProbeOptions, probe } from '../probe.ts';
import { orFail } from './failure.ts';
import { netIdOption, wholeNumber } from './options.ts';

interface ProbeFlags {
  readonly mqtt?: string;
  readonly topic: string;
  readonly config?: string;
  readonly plant?: string;
  readonly port: number;
  readonly routerPort: number;
  readonly netId?: AmsNetId;
  readonly sourceNetId?: AmsNetId;
  readonly addRoute?: true;
  readonly timeout: number;
}

type Target = ProbeOptions['target'];

export function probeTarget(): Command {
  const port = wholeNumber(1, 65535);
  return new Command('probe')
    .description(
      'Look at a TwinCAT system: identity, state, devices, slaves, and whether it has a route to us; or at who is on an MQTT broker.',
    )
    .argument('[host]', 'name or address of the controller')
    .option('--mqtt <url>', 'instead of a host: the broker of a virtual AMS network')
    .option('--topic <network>', 'the virtual AMS network', 'VirtualAmsNetwork1')
    .option('--config <file>', 'instead of both: the plant of a configuration')
    .option('--plant <name>', 'which plant of the configuration, when it has several')
    .option('--port <port>', 'AMS/TCP port', port, 48898)
    .option('--router-port <port>', 'UDP port of its router', port, 48899)
    .option('--net-id <id>', 'its AMS NetId; asked for unless told', netIdOption)
    .option(
      '--source-net-id <id>',
      'our AMS NetId; <our IPv4>.1.1 unless told, on a broker <our IPv4>.99.1',
      netIdOption,
    )
    .option('--timeout <seconds>', 'longest wait for an answer', wholeNumber(1, 600), 3)
    .option('--add-route', 'add a route to us first, see below')
    .addHelpText(
      'after',
      `
--add-route takes the controller's user from TWINCAT_USER (Administrator) and the password from
TWINCAT_PASSWORD. Both travel in plain text, as the protocol wants it; they are never logged.
--mqtt takes user and password from BROKER_USER and BROKER_PASSWORD; for certificates and keys write
a configuration and give --config.`,
    )
    .action((host: string | undefined, flags: ProbeFlags) => orFail(() => look(host, flags)));
}

async function look(host: string | undefined, flags: ProbeFlags): Promise<void> {
  const { sourceNetId, timeout } = flags;
  const options = {
    netId: flags.netId,
    source: { netId: sourceNetId, port: amsPort(8000) },
    timeoutMs: timeout * 1000,
    log: createLog('silent'),
    ...plantOf(host, flags),
  };
  if (!(await probe(options, console.log))) process.exitCode = 1;
}

function plantOf(
  host: string | undefined,
  flags: ProbeFlags,
): Pick<ProbeOptions, 'target'> & Partial<Pick<ProbeOptions, 'netId' | 'source'>> {
  const given = [host, flags.mqtt, flags.config].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new IocError('cli/probe', 'which plant? Give one of HOST, --mqtt URL, --config FILE');
  }
  if (flags.config !== undefined) return configured(flags.config, flags);
  if (flags.mqtt !== undefined) return { target: { kind: 'mqtt', network: brokerOf(flags) } };
  return { target: hostTarget(host ?? '', flags.port, flags) };
}

function configured(file: string, flags: ProbeFlags) {
  const { target, source } = chosen(file, flags.plant);
  switch (target.kind) {
    case 'address': {
      const ours = flags.sourceNetId ?? source.netId;
      const { host, port, route } = target;
      const found = hostTarget(host, port, { ...flags, sourceNetId: ours }, route);
      return {
        target: found,
        netId: flags.netId ?? target.netId,
        source: { ...source, netId: ours },
      };
    }
    // Not as the IOC of the configuration, which may be running: a name is for one.
    case 'mqtt': {
      const network: Target = { kind: 'mqtt', network: target.network };
      return { target: network, netId: flags.netId ?? target.netId };
    }
    case 'simulated':
      throw new IocError('cli/probe', `${file} simulates its plant: there is nothing to look at`);
  }
}

function chosen(file: string, name: string | undefined): PlantConfig {
  const { plants } = loadConfig(file);
  const [only, other] = plants.filter((each) => name === undefined || each.name === name);
  if (only && !other) return only;
  const names = plants.map((each) => each.name).join(', ');
  throw new IocError('cli/probe', `which plant of ${file}? Give --plant with one of ${names}`);
}

function hostTarget(
  host: string,
  port: number,
  flags: Pick<ProbeFlags, 'routerPort' | 'addRoute'> & {
    readonly sourceNetId?: AmsNetId | undefined;
  },
  configured?: RouteRequest,
): Target {
  const { addRoute, routerPort, sourceNetId } = flags;
  const route = addRoute ? (configured ?? routeFromEnvironment(sourceNetId)) : undefined;
  return { kind: 'host', host, port, routerPort: configured?.port ?? routerPort, route };
}

function brokerOf({ mqtt: url = '', topic }: ProbeFlags): MqttConfig {
  const { BROKER_USER: user, BROKER_PASSWORD: password } = process.env;
  return { url, topic, user, password };
}

function routeFromEnvironment(netId: AmsNetId | undefined): Route {
  const password = process.env['TWINCAT_PASSWORD'];
  if (password !== undefined) {
    return { netId, user: process.env['TWINCAT_USER'] ?? 'Administrator', password };
  }
  throw new IocError('cli/probe', '--add-route needs the password in TWINCAT_PASSWORD');
}
