import { type Command, InvalidArgumentError } from 'commander';
import { CaClient, type ClientChannel, clientOptionsFromEnv } from '../../ca/index.ts';
import { sleep } from '../../kernel/index.ts';
import type { ValueFormat } from './value-format.ts';

/** The options that get, put and monitor share. */
export interface ToolOptions {
  readonly wait: number;
  readonly priority: number;
  readonly separator: string;
  readonly number?: true;
  readonly longString?: true;
  readonly string?: true;
  readonly count?: number;
  readonly e?: number;
  readonly f?: number;
  readonly g?: number;
}

/** Seconds that one step may take, unless EPICS_CLI_TIMEOUT says otherwise. */
const DEFAULT_WAIT = 1;
/** Digits of %g. */
const DEFAULT_DIGITS = 6;

/** Adds what the tools share to a command. */
export function toolOptions(command: Command): Command {
  return command
    .option('-w, --wait <seconds>', 'how long a step may take (EPICS_CLI_TIMEOUT, 1)', positive)
    .option('-p, --priority <0-99>', 'Channel Access priority', wholeUpTo(99), 0)
    .option('-F, --separator <char>', 'between the fields of a line', ' ')
    .option('-n, --number', 'states as numbers, not names');
}

/** Adds how values are printed. */
export function formatOptions(command: Command): Command {
  return command
    .option('-S, --long-string', 'rows of characters as text')
    .option('-s, --string', 'floating point as the server prints it')
    .option('-#, --count <count>', 'at most so many elements of an array', wholeUpTo(2 ** 31))
    .option('-e <digits>', 'floating point as %e', wholeUpTo(17))
    .option('-f <digits>', 'floating point as %f', wholeUpTo(17))
    .option('-g <digits>', 'floating point as %g', wholeUpTo(17));
}

export const environmentHelp = `
Environment: EPICS_CA_ADDR_LIST, EPICS_CA_AUTO_ADDR_LIST, EPICS_CA_NAME_SERVERS, EPICS_CA_SERVER_PORT,
EPICS_CA_CONN_TMO, EPICS_CLI_TIMEOUT`;

/** The seconds that a step may take. */
export function waitOf({ wait }: ToolOptions): number {
  return wait ?? (Number(process.env['EPICS_CLI_TIMEOUT']) || DEFAULT_WAIT);
}

export function formatOf({ e, f, g, separator, longString, count }: ToolOptions): ValueFormat {
  const digits = e ?? f ?? g ?? DEFAULT_DIGITS;
  const kind = e !== undefined ? 'e' : f !== undefined ? 'f' : 'g';
  return {
    ...{ real: { kind, digits }, separator: separator.slice(0, 1) },
    ...{ charsAsText: longString === true, counted: count !== undefined },
  };
}

/** A client as the environment says; it tells on stderr of what nobody else does. */
export function openClient(): Promise<CaClient> {
  // Who reads what is printed, `head` say, has had enough.
  process.stdout.on('error', () => process.exit());
  const complain = (line: string) => process.stderr.write(`${line}\n`);
  return CaClient.open(clientOptionsFromEnv(process.env, complain));
}

/** Channels of names, connected or not when the time is over; then stderr says which are not. */
export async function connectAll(
  client: CaClient,
  names: readonly string[],
  options: ToolOptions,
): Promise<ClientChannel[]> {
  const over = new AbortController();
  const channels: ClientChannel[] = [];
  const changed = () => {
    if (channels.length === names.length && channels.every(({ connected }) => connected)) {
      over.abort();
    }
  };
  for (const name of names) channels.push(client.channel(name, { changed }, options.priority));
  await sleep(waitOf(options) * 1000, over.signal).catch(() => {});
  complainOfMissing(channels.filter(({ connected }) => !connected));
  return channels;
}

function complainOfMissing(missing: readonly ClientChannel[]): void {
  const [one, ...others] = missing;
  if (!one) return;
  const which = others.length === 0 ? `'${one.name}'` : 'some PV(s)';
  process.stderr.write(`Channel connect timed out: ${which} not found.\n`);
}

/** `name` in the column that names have, unless a separator or an array says otherwise. */
export function nameColumn(name: string, isRow: boolean, separator: string): string {
  return (isRow || separator !== ' ' ? name : name.padEnd(30)) + separator;
}

function positive(text: string): number {
  const value = Number(text);
  if (value >= 0 && text.trim() !== '') return value;
  throw new InvalidArgumentError('must be a number of seconds.');
}

function wholeUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number up to ${most}.`);
  };
}
