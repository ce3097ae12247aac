import { DatabaseLoader } from '../../src/database/index.ts';
import { silentLog, systemClock, turnClock } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { loadDatabase, RecordTable } from '../../src/records/index.ts';
import { stopwatch } from '../support/cost.ts';
import type { Cost } from '../support/figure.ts';
import { offer } from '../support/offer.ts';

// Soft records of a database, which scan and follow their links with nobody connected.

let records: RecordTable | undefined;
let directory: Directory | undefined;
let events = 0;

const operations = {
  load({ text }: { readonly text: string }): void {
    records = new RecordTable(new ProcessImage(), turnClock(systemClock));
    directory = new Directory(records);
    directory.posted$.subscribe(({ count }) => {
      events += count;
    });
    const loader = new DatabaseLoader({ env: {} });
    loader.loadText('bench.db', text);
    loadDatabase(records, loader.database);
    records.start({ log: silentLog });
  },

  /** Lets records scan by themselves; the operations are the events that were posted. */
  async idle({ milliseconds }: { readonly milliseconds: number }): Promise<Cost> {
    const cost = stopwatch();
    const before = events;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return cost(events - before);
  },

  /** Puts 1, 2, 3 … to a record; each of `length` records has to process each time. */
  async put(wish: {
    readonly name: string;
    readonly length: number;
    readonly times: number;
  }): Promise<Cost> {
    const field = directory?.find(wish.name);
    const { signal } = new AbortController();
    const origin = { user: 'bench', host: 'bench' };
    const before = events;
    const cost = stopwatch();
    for (let i = 1; i <= wish.times; i++) {
      await field?.put(i, origin, signal);
      await Promise.resolve();
    }
    const spent = cost(wish.times * wish.length);
    if (events - before < wish.times * wish.length) {
      throw new Error(`${events - before} events of ${wish.times * wish.length} were posted`);
    }
    return spent;
  },
};

export type SoftRecordsProcess = typeof operations;
offer(operations);
