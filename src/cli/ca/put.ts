import { Command } from 'commander';
import { Base, type ClientChannel, Family } from '../../ca/index.ts';
import { unescaped } from '../../database/index.ts';
import { IocError } from '../../kernel/index.ts';
import type { PvValue } from '../../pv/index.ts';
import { orFail } from '../failure.ts';
import { lineOf, readFor } from './get.ts';
import {
  connectAll,
  environmentHelp,
  openClient,
  type ToolOptions,
  toolOptions,
  waitOf,
} from './tool.ts';

interface PutOptions extends ToolOptions {
  readonly callback?: true;
  readonly terse?: true;
  readonly long?: true;
  readonly string?: true;
  readonly array?: true;
}

export function put(): Command {
  const command = new Command('put')
    .description('Write a PV over Channel Access; options and output are caput’s.')
    .argument('<pv>', 'name')
    .argument('<value...>', 'the value; with -a how many, then each element')
    .option('-c, --callback', 'wait until everything that the write starts is over')
    .option('-t, --terse', 'print the new value only')
    .option('-l, --long', 'print name, time, value, status and severity')
    .option('-s, --string', 'the value of a state is its name, never its number')
    .option('-S, --long-string', 'write a text as a row of characters')
    .option('-a, --array', 'write an array')
    .passThroughOptions()
    .addHelpText('after', environmentHelp);
  return toolOptions(command).action((name: string, values: string[], options: PutOptions) =>
    orFail(() => writeValue(name, values, options)),
  );
}

async function writeValue(name: string, words: readonly string[], options: PutOptions) {
  await using client = await openClient();
  client.onException = (text) => {
    process.stderr.write(`Write ${text}\n`);
    process.exitCode = 1;
  };
  const [channel] = await connectAll(client, [name], options);
  if (!channel?.connected) {
    process.exitCode = 1;
    return;
  }
  const { value, base } = await valueToWrite(channel, words, options);
  const { string: _ofStates, ...shared } = options;
  const shown = { ...shared, ...(options.long && { all: true as const }) };
  const show = async (label: string) => {
    const outcome = await readFor(channel, shown);
    console.log((options.terse ? '' : label) + lineOf(channel, outcome, shown));
  };
  if (!options.terse) await show('Old : ');
  const outcome = options.callback
    ? await channel.writeNotify(value, waitOf(options), base)
    : channel.write(value, base);
  if (outcome.kind === 'failed') {
    throw new IocError('cli/put', `Write ${name}: ${outcome.text}`);
  }
  await show('New : ');
}

/** What is written, and as which type. */
async function valueToWrite(
  channel: ClientChannel,
  words: readonly string[],
  options: PutOptions,
): Promise<{ readonly value: PvValue; readonly base: Base }> {
  if (options.longString) {
    const bytes = new Uint8Array(Buffer.from(`${unescaped(words.join(' '))}\0`));
    return { value: bytes, base: Base.char };
  }
  const texts = options.array ? words.slice(1) : [words.join(' ')];
  if (channel.native === Base.enum) {
    const states = await Promise.all(texts.map((text) => stateOf(channel, text, options)));
    if (states.every((state) => typeof state === 'number')) return rowOrOne(states, Base.double);
    return rowOrOne(states.map(String), Base.string);
  }
  return rowOrOne(texts.map(unescaped), Base.string);
}

function rowOrOne(elements: readonly (string | number)[], base: Base) {
  const [first = ''] = elements;
  if (elements.length === 1) return { value: first, base };
  const isText = base === Base.string;
  return { value: isText ? elements.map(String) : Float64Array.from(elements, Number), base };
}

/** The name of a state as it is, or its number; what is neither is refused, as caput does. */
async function stateOf(
  channel: ClientChannel,
  text: string,
  options: PutOptions,
): Promise<string | number> {
  const number = Number(text);
  const isNumber = text.trim() !== '' && !Number.isNaN(number);
  if (options.number) {
    if (isNumber) return number;
    throw new IocError('cli/put', `"${text}" is not the number of a state`);
  }
  const outcome = await channel.read({ family: Family.ctrl }, waitOf(options));
  if (outcome.kind === 'failed') throw new IocError('cli/put', `States: ${outcome.text}`);
  const name = unescaped(text);
  const labels = outcome.reading.metadata?.labels ?? [];
  if (labels.includes(name)) return name;
  if (isNumber && !options.string) return number;
  const known = labels.map((label) => `"${label}"`).join(', ');
  throw new IocError('cli/put', `"${text}" is no state of ${channel.name}; it has ${known}`);
}
