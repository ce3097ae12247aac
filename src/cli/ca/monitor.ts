import { Command, InvalidArgumentError } from 'commander';
import type { CaClient, ClientChannel, Reading } from '../../ca/index.ts';
import { Family } from '../../ca/index.ts';
import { aborted, EPICS_EPOCH_UNIX_SECONDS } from '../../kernel/index.ts';
import { EventMask } from '../../pv/index.ts';
import { orFail, stopSignal } from '../failure.ts';
import { printedBase } from './get.ts';
import {
  environmentHelp,
  formatOf,
  formatOptions,
  nameColumn,
  openClient,
  type ToolOptions,
  toolOptions,
  waitOf,
} from './tool.ts';
import { timeText, wideLine } from './wide-line.ts';

interface MonitorOptions extends ToolOptions {
  readonly mask: number;
  readonly time: string;
}

export function monitor(): Command {
  const command = new Command('monitor')
    .description('Print PVs when they change, until Ctrl-C; options and output are camonitor’s.')
    .argument('<pv...>', 'names')
    .option('-m, --mask <valp>', 'events: value, alarm, log, property', maskOf, maskOf('va'))
    .option('-t, --time <key>', 's: time of the server, c: of this computer, n: none', 's')
    .addHelpText('after', environmentHelp);
  return formatOptions(toolOptions(command)).action((names: string[], options: MonitorOptions) =>
    orFail(() => printChanges(names, options)),
  );
}

async function printChanges(names: readonly string[], options: MonitorOptions): Promise<void> {
  const signal = stopSignal();
  await using client = await openClient();
  const watched = names.map((name) => new Watched(client, name, options));
  using _ = client.clock.after(waitOf(options) * 1000, () => {
    for (const each of watched) each.complainIfMissing();
  });
  await aborted(signal);
}

/** One PV, and its subscription in the type that it has now. */
class Watched {
  readonly #options: MonitorOptions;
  readonly #channel: ClientChannel;
  #subscription: Disposable | undefined;
  #type: number | undefined;

  constructor(client: CaClient, name: string, options: MonitorOptions) {
    this.#options = options;
    const changed = () => this.#changed();
    this.#channel = client.channel(name, { changed }, options.priority);
  }

  complainIfMissing(): void {
    const { info, name } = this.#channel;
    if (info) return;
    const { separator } = formatOf(this.#options);
    console.log(`${nameColumn(name, false, separator)}*** Not connected (PV not found)`);
  }

  #changed(): void {
    const { connected, info } = this.#channel;
    if (!connected) this.#say('*** disconnected');
    else if (info?.type !== this.#type) this.#subscribe();
  }

  /** After a reconnection with another type, too. */
  #subscribe(): void {
    this.#subscription?.[Symbol.dispose]();
    const { native } = this.#channel;
    const { mask, count = 0 } = this.#options;
    this.#type = native;
    this.#subscription = this.#channel.subscribe(
      { family: Family.time, base: printedBase(native, this.#options), count, mask },
      {
        update: (reading) => this.#print(reading),
        failed: (text) => this.#say(`*** ${text}`),
      },
    );
  }

  #print(reading: Reading): void {
    const { time } = this.#options;
    const server = time.includes('s') ? timeText(reading.seconds, reading.nanoseconds) : '';
    const client = time.includes('c') ? `(${nowText()})` : '';
    console.log(wideLine(this.#channel.name, reading, server + client, formatOf(this.#options)));
  }

  #say(what: string): void {
    const { separator } = formatOf(this.#options);
    console.log(`${nameColumn(this.#channel.name, false, separator)}${nowText()} ${what}`);
  }
}

function nowText(): string {
  const now = Date.now();
  const seconds = Math.floor(now / 1000);
  return timeText(seconds - EPICS_EPOCH_UNIX_SECONDS, (now - seconds * 1000) * 1e6);
}

const letters: Readonly<Record<string, number>> = {
  v: EventMask.value,
  a: EventMask.alarm,
  l: EventMask.log,
  p: EventMask.property,
};

function maskOf(text: string): number {
  const bits = [...text].map((letter) => letters[letter]);
  if (text !== '' && bits.every((bit) => bit !== undefined)) {
    return bits.reduce<number>((mask, bit) => mask | (bit ?? 0), 0);
  }
  throw new InvalidArgumentError('must be letters of v, a, l and p.');
}
