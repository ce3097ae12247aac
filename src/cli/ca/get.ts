import { Command } from 'commander';
import { Base, type ClientChannel, Family, type ReadOutcome } from '../../ca/index.ts';
import { orFail } from '../failure.ts';
import {
  connectAll,
  environmentHelp,
  formatOf,
  formatOptions,
  nameColumn,
  openClient,
  type ToolOptions,
  toolOptions,
  waitOf,
} from './tool.ts';
import { valueText } from './value-format.ts';
import { timeText, wideLine } from './wide-line.ts';

interface GetOptions extends ToolOptions {
  readonly terse?: true;
  readonly all?: true;
}

export function get(): Command {
  const command = new Command('get')
    .description('Read PVs over Channel Access and print them; options and output are caget’s.')
    .argument('<pv...>', 'names')
    .option('-t, --terse', 'values only')
    .option('-a, --all', 'name, time, value, status and severity')
    .option('-c, --callback', 'accepted: every read waits for its answer')
    .addHelpText('after', environmentHelp);
  return formatOptions(toolOptions(command)).action((names: string[], options: GetOptions) =>
    orFail(() => printValues(names, options)),
  );
}

/** Ends with 1 when a value could not be had. */
async function printValues(names: readonly string[], options: GetOptions): Promise<void> {
  await using client = await openClient();
  const channels = await connectAll(client, names, options);
  const outcomes = await Promise.all(channels.map((channel) => readFor(channel, options)));
  for (const [i, channel] of channels.entries()) {
    const outcome = outcomes[i];
    if (outcome) console.log(lineOf(channel, outcome, options));
    if (outcome?.kind !== 'read') process.exitCode = 1;
  }
}

/** Reads a channel in the type in which it will be printed. */
export function readFor(channel: ClientChannel, options: ToolOptions): Promise<ReadOutcome> {
  const base = printedBase(channel.native, options);
  const { count = 0 } = options;
  return channel.read({ family: Family.time, base, count }, waitOf(options));
}

/** States by their names, numbers by their own type, unless options say otherwise. */
export function printedBase(native: Base, { number, string }: ToolOptions): Base {
  if (native === Base.enum) return number ? Base.short : Base.string;
  const isReal = native === Base.double || native === Base.float;
  return string && isReal ? Base.string : native;
}

/** What get, and put before and after, print of a channel. */
export function lineOf(
  { name, info }: ClientChannel,
  outcome: ReadOutcome,
  options: ToolOptions & { readonly terse?: true; readonly all?: true },
): string {
  const format = formatOf(options);
  if (outcome.kind === 'failed') {
    const text = info ? `*** ${outcome.text}` : '*** not connected';
    return (options.terse ? '' : nameColumn(name, false, format.separator)) + text;
  }
  const { reading } = outcome;
  if (options.all) {
    return wideLine(name, reading, timeText(reading.seconds, reading.nanoseconds), format);
  }
  const column = options.terse ? '' : nameColumn(name, reading.count > 1, format.separator);
  return column + valueText(reading, format);
}
