import { resolve } from 'node:path';
import { Command } from 'commander';
import type { IocConfig } from '../config/index.ts';
import { type Ioc, type IocMeans, startIoc } from '../ioc.ts';
import { aborted, createLog, IocError, LineRing, messageOf } from '../kernel/index.ts';
import { type ChosenConfig, chooseConfig } from '../staged-config.ts';
import { orFail, stopSignal } from './failure.ts';
import { Greeter } from './greeter.ts';
import { whatOnError } from './options.ts';
import { reloadAtHangup } from './reload.ts';
import { outliveReaders, ownsTerminal, standardStreams } from './stdin.ts';

/** Exit code that asks whoever started the IOC to start it again. */
const RESTART = 3;

/** What is kept of the log, for who asks for it over the bus. */
const RECENT_LINES = 20_000;
const RECENT_BYTES = 4 * 2 ** 20;

interface RunOptions {
  readonly stCmd?: string;
  readonly onError?: 'continue' | 'break';
  readonly console?: string;
  readonly s?: true;
  readonly S?: true;
}

export function run(): Command {
  return new Command('run')
    .description('Run the IOC until Ctrl-C or SIGTERM. A plant that is away is waited for.')
    .argument('<config>', 'configuration file (YAML)')
    .option('--st-cmd <file>', 'commands to run first: dbLoadRecords, …, iocInit')
    .option('--on-error <what>', 'after an error st.cmd does: continue or break', whatOnError)
    .option('--console <socket>', 'serve the console on this Unix socket')
    .option('-s', 'the console on standard input, whatever that is')
    .option('-S', 'no console on standard input, which else is one where it is a terminal')
    .addHelpText(
      'after',
      `
Environment, where the configuration leaves it open:
  EPICS_CAS_SERVER_PORT, EPICS_CA_SERVER_PORT   Channel Access port (5064)
  EPICS_CAS_INTF_ADDR_LIST                      addresses to listen on (all)
  EPICS_CAS_BEACON_ADDR_LIST, EPICS_CAS_AUTO_BEACON_ADDR_LIST, EPICS_CAS_BEACON_PORT,
  EPICS_CAS_BEACON_PERIOD, EPICS_CAS_IGNORE_ADDR_LIST, EPICS_CA_MAX_ARRAY_BYTES
  IOCSH_PS1, EPICS_IOCSH_HISTFILE               prompt and history of the console`,
    )
    .action((file: string, options: RunOptions) => orFail(() => serve(file, options)));
}

async function serve(file: string, options: RunOptions): Promise<void> {
  outliveReaders();
  const over = new AbortController();
  const signal = AbortSignal.any([stopSignal(), over.signal]);
  try {
    await live(file, options, () => over.abort(), signal);
  } catch (error) {
    // Who is told to stop while it starts has not failed.
    if (!signal.aborted) throw error;
  }
}

async function live(
  file: string,
  options: RunOptions,
  exit: () => void,
  signal: AbortSignal,
): Promise<void> {
  const recent = new LineRing(RECENT_LINES, RECENT_BYTES);
  const chosen = chooseConfig(file, process.env, (text) => console.error(text));
  const config = withOptions(chosen.config, options);
  const log = createLog(config.log.level, config.log.format, recent);
  const greeter = new Greeter(config, file, log);
  const { onSession } = greeter;
  const restart = () => {
    process.exitCode = RESTART;
    exit();
  };
  const own = { log, env: process.env, script: resolve(file), restart, onSession, recent };
  const means = { ...own, ...startUpOf(options) };
  const started = await startedWith(chosen, () => startIoc(config, means, signal), signal);
  // The new configuration was refused: the one before it is still good.
  if (!started) return live(file, options, exit, signal);
  await using ioc = started;
  chosen.keep();
  using _ = reloadAtHangup(ioc.access, log);
  const places = ioc.plants.map(({ address }) => address.where).join(', ');
  const plants = places === '' ? 'no plant' : `connecting to ${places} …`;
  const served = ioc.ca ? `Channel Access on port ${ioc.ca.port}` : 'no Channel Access';
  console.log(`${config.prefix}: ${served}; ${plants}`);
  greeter.runs(ioc);
  await attend(ioc, config, exit, signal);
  log.info('stopping');
}

/** Starts the IOC; undefined when it does not start with a configuration that was staged. */
async function startedWith(
  chosen: ChosenConfig,
  start: () => Promise<Ioc>,
  signal: AbortSignal,
): Promise<Ioc | undefined> {
  try {
    return await start();
  } catch (error) {
    if (signal.aborted) chosen.postpone();
    if (!chosen.isStaged || signal.aborted) throw error;
    chosen.refuse(messageOf(error));
    return undefined;
  }
}

function withOptions(config: IocConfig, { console, s, S }: RunOptions): IocConfig {
  const stdin = S ? 'never' : s ? 'always' : config.console.stdin;
  return {
    ...config,
    console: { ...config.console, stdin, ...(console !== undefined && { socket: console }) },
  };
}

/** Runs the start-up file, if there is one. */
function startUpOf({ stCmd, onError = 'continue' }: RunOptions): Pick<IocMeans, 'startUp'> {
  if (stCmd === undefined) return {};
  return {
    async startUp(console, signal) {
      const streams = standardStreams(() => {});
      if (await console.runFile(stCmd, streams, { kind: onError }, signal)) return;
      throw new IocError('cli/st-cmd', `${stCmd} stopped at an error; mend it, or leave it out`);
    },
  };
}

/**
 * A console on standard input, where there is to be one, until the IOC ends. Its `exit` ends the
 * IOC, as that of iocsh does; the end of its input does not: whoever watches an IOC may leave.
 */
async function attend(
  ioc: Ioc,
  { console: { stdin } }: IocConfig,
  exit: () => void,
  signal: AbortSignal,
): Promise<void> {
  const isWanted = stdin === 'always' || (stdin === 'auto' && ownsTerminal());
  if (!isWanted) return aborted(signal);
  try {
    // A console that breaks, because nobody takes what it prints, is at its end, too.
    const end = await ioc.console.session(standardStreams(exit), signal).catch(() => 'end');
    if (end === 'exit' || signal.aborted) return;
    console.log('The console is closed; the IOC runs on until Ctrl-C or SIGTERM.');
    await aborted(signal);
  } finally {
    process.stdin.destroy();
  }
}
