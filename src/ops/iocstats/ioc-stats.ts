import {
  type Clock,
  epicsNow,
  IocError,
  type Log,
  messageOf,
  systemClock,
} from '../../kernel/index.ts';
import type { Device, DeviceRecord, DeviceSupport, PutOutcome, PvValue } from '../../pv/index.ts';
import { type Fact, type IocFacts, iocFacts, type Pace } from './facts.ts';
import { Paces } from './paces.ts';

/** What clients may make an IOC do. */
export interface IocCommands {
  /** Reads the rules of access security again. */
  readonly reloadAccess: () => Promise<void>;
  /** Whether there are any. */
  readonly canReload: () => boolean;
  /** Ends the process, to be started again by what started it; undefined where that is not allowed. */
  readonly restart?: () => void;
}

/** What an output does with its value. */
type Order = (value: PvValue) => PutOutcome | Promise<PutOutcome>;

const done: PutOutcome = { kind: 'done' };

/** Names of outputs that set how often facts are looked at, as devIocStats calls them. */
const paces: Readonly<Record<string, Pace>> = {
  ca_scan_rate: 'ca',
  fd_scan_rate: 'fd',
  cpu_scan_rate: 'cpu',
  memory_scan_rate: 'memory',
};

/**
 * The device support `IOC stats`: records with `INP "@ca_clients"` and so on tell of the IOC. The
 * names are those of devIocStats, so that a site's own databases for it can be loaded, too.
 */
export class IocStats implements DeviceSupport, Disposable {
  readonly name = 'IOC stats';
  readonly #facts: ReadonlyMap<string, Fact>;
  readonly #commands: IocCommands;
  readonly #log: Log;
  readonly #paces: Paces;
  /** What outputs may order, by name. */
  readonly #orders: ReadonlyMap<string, Order>;

  constructor(facts: IocFacts, commands: IocCommands, log: Log, clock: Clock = systemClock) {
    this.#facts = iocFacts(facts, clock);
    this.#commands = commands;
    this.#log = log;
    this.#paces = new Paces(clock);
    this.#orders = new Map<string, Order>([
      ...Object.entries(paces).map(([name, pace]) => [name, this.#setter(pace)] as const),
      ['readacf', (value) => this.#reload(value)],
      ['sysreset', (value) => this.#restart(value)],
    ]);
  }

  open(record: DeviceRecord, address: string): Device {
    const name = address.trim();
    if (record.direction === 'output') return this.#output(record, name);
    const fact = this.#facts.get(name);
    if (fact === undefined) throw unknown(record, name, [...this.#facts.keys()]);
    return this.#input(record, fact);
  }

  [Symbol.dispose](): void {
    this.#paces[Symbol.dispose]();
  }

  /** I/O Intr records are fed at the pace of their fact, others ask when they process. */
  #input(record: DeviceRecord, { read, pace = 'cpu' }: Fact): Device {
    const value = () => valueFor(record, read());
    const feed = () => record.feed(value(), epicsNow());
    const beat = record.isInterrupted ? this.#paces.every(pace, feed) : undefined;
    if (beat) feed();
    return {
      read: (answer) => answer({ kind: 'value', value: value() }),
      [Symbol.dispose]: () => beat?.[Symbol.dispose](),
    };
  }

  #output(record: DeviceRecord, name: string): Device {
    const order = this.#orders.get(name);
    if (order === undefined) throw unknown(record, name, [...this.#orders.keys()]);
    return {
      write(value, settle) {
        void Promise.resolve(order(value)).then(settle);
      },
      [Symbol.dispose]: () => {},
    };
  }

  #setter(pace: Pace): Order {
    return (value) => {
      this.#paces.set(pace, Number(value));
      return done;
    };
  }

  /** 1 reads the file; its completion tells whether it was good. */
  async #reload(value: PvValue): Promise<PutOutcome> {
    if (Number(value) === 0) return done;
    const { reloadAccess, canReload } = this.#commands;
    if (!canReload()) return refused('there are no rules of access security');
    try {
      await reloadAccess();
      return done;
    } catch (cause) {
      this.#log.error(`Access security stays as it was:\n${messageOf(cause)}`);
      return { kind: 'failed', text: messageOf(cause) };
    }
  }

  #restart(value: PvValue): PutOutcome {
    if (Number(value) === 0) return done;
    const { restart } = this.#commands;
    if (!restart) return refused('the configuration does not allow it (iocStats.reset)');
    this.#log.warn('A client asked for a restart (SYSRESET)');
    restart();
    return done;
  }
}

/** A row of characters is read and fed as bytes, with the NUL that C clients look for. */
function valueFor({ type }: DeviceRecord, value: number | string): PvValue {
  if (type !== 'waveform' && type !== 'aai') return value;
  return new Uint8Array(Buffer.from(`${value}\0`));
}

function refused(text: string): PutOutcome {
  return { kind: 'refused', reason: 'disabled', text };
}

function unknown(record: DeviceRecord, name: string, known: readonly string[]): IocError {
  const text = `IOC stats of ${record.name} has no "${name}": it has ${known.join(', ')}`;
  return new IocError('ops/ioc-stats', text);
}
