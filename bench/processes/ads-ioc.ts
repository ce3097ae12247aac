import { auditTime, filter, type Observable } from 'rxjs';
import { type AdsClient, amsNetId, amsPort, connectAds, subscribe } from '../../src/ads/index.ts';
import { type CaServer, serveCa } from '../../src/ca/index.ts';
import { silentLog, systemClock } from '../../src/kernel/index.ts';
import { type Datatype, i16, i32, ProcessImage } from '../../src/model/index.ts';
import { newCounters, PlantMemory } from '../../src/pipeline/index.ts';
// Not behind the door: sessions alone use it, and this is a session without discovery.
import { applyTo } from '../../src/pipeline/updates.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { stopwatch } from '../support/cost.ts';
import type { Cost } from '../support/figure.ts';
import { offer } from '../support/offer.ts';
import { pvName } from '../support/pv-name.ts';

// The IOC from the ADS socket to records, and to Channel Access when it is asked to serve.

export type Sink = {
  readonly port: number;
  readonly values: number;
  /** Bytes of a value: 2 or 4. */
  readonly size: number;
  /** Seconds between batches as `update.flush` says; 0: a batch per pass, so nothing conflates. */
  readonly flush: number;
  readonly serve: boolean;
  /** Records have alarm limits, which the values cross. */
  readonly alarms?: boolean;
};

export type Taken = Cost & {
  /** Records that posted, and batches. */
  readonly posted: number;
  readonly batches: number;
  /** Monitor updates sent, and those that gave way to newer ones. */
  readonly updates: number;
  readonly squashed: number;
};

const alarmLimits = {
  ...{ HIHI: 9.9, HIGH: 9, LOW: 1, LOLO: 0.1, HYST: 0.01, MDEL: 0.0001 },
  ...{ HHSV: 'MAJOR', HSV: 'MINOR', LSV: 'MINOR', LLSV: 'MAJOR' },
};

/** Requests for notifications at a time. */
const AT_ONCE = 64;
const target = { netId: amsNetId('5.1.2.3.1.1'), port: amsPort(27905) };

let sink: NotificationSession | undefined;

const operations = {
  async start(options: Sink): Promise<{ port: number; udpPort: number; pid: number }> {
    const client = await connectAds({
      transport: { kind: 'tcp', host: '127.0.0.1', port: options.port },
      source: { port: amsPort(8000) },
      log: silentLog,
    });
    sink = new NotificationSession(client, options);
    await sink.subscribe();
    const ca = options.serve ? await sink.serve() : undefined;
    return { port: ca?.port ?? 0, udpPort: ca?.udpPort ?? 0, pid: process.pid };
  },

  /** Monitor updates since the server started. */
  sent: () => sink?.sent ?? 0,

  /** Measures from now on until so many samples more are with the records. */
  expect: ({ samples }: { readonly samples: number }) => sink?.expect(samples),

  /** What those samples cost. */
  taken: () => sink?.taken,
};

export type AdsIocProcess = typeof operations;
offer(operations);

class NotificationSession {
  readonly #client: AdsClient;
  readonly #options: Sink;
  readonly #memory = new PlantMemory(new ProcessImage(), systemClock);
  readonly #records = new RecordTable(this.#memory.image, systemClock);
  readonly #directory = new Directory(this.#records);
  readonly #blocks: number[] = [];
  taken: Promise<Taken> | undefined;
  #ca: CaServer | undefined;
  #posted = 0;
  #batches = 0;
  /** Samples that the records know of, and how many are waited for. */
  #flushed = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #onTaken = () => {};

  constructor(client: AdsClient, options: Sink) {
    this.#client = client;
    this.#options = options;
    const datatype = options.size === 2 ? i16 : i32;
    for (let i = 0; i < options.values; i++) this.#blocks.push(this.#addRecord(i, datatype));
    this.#directory.posted$.subscribe(({ count }) => {
      this.#posted += count;
    });
    this.#batched().subscribe(() => this.#flush());
  }

  async subscribe(): Promise<void> {
    const request = { group: 0xf030, mode: 4, maxDelay: 0, cycleTime: 100_000 };
    for (let from = 0; from < this.#blocks.length; from += AT_ONCE) {
      const blocks = this.#blocks.slice(from, from + AT_ONCE);
      const answers = blocks.map(async (block, i) => {
        const place = { offset: (from + i) * 4, length: this.#options.size };
        const handle = await subscribe(this.#client, target, { ...request, ...place });
        this.#memory.route(handle, block, target);
      });
      await Promise.all(answers);
    }
  }

  async serve(): Promise<CaServer> {
    const beacons = { auto: false, addresses: [] };
    const { signal } = new AbortController();
    const options = { port: 0, interfaces: ['127.0.0.1'], beacons };
    this.#ca = await serveCa(this.#directory, options, signal);
    return this.#ca;
  }

  get sent(): number {
    return this.#ca?.counters.updates ?? 0;
  }

  expect(samples: number): void {
    const { updates = 0, squashed = 0 } = { ...this.#ca?.counters };
    const posted = this.#posted;
    const batches = this.#batches;
    const cost = stopwatch();
    this.#wanted = this.#memory.samples + samples;
    this.taken = new Promise((resolve) => {
      this.#onTaken = () => {
        const now = this.#ca?.counters;
        resolve({
          ...cost(samples),
          posted: this.#posted - posted,
          batches: this.#batches - batches,
          updates: (now?.updates ?? 0) - updates,
          squashed: (now?.squashed ?? 0) - squashed,
        });
      };
    });
  }

  #addRecord(i: number, datatype: Datatype): number {
    const block = this.#memory.image.addBlock(this.#options.size);
    const place = { block, byte: 0, bit: 0, datatype };
    const plain = { EGU: 'V', PREC: 3, LINR: 'SLOPE', ESLO: 0.001 };
    const fields = this.#options.alarms ? { ...plain, ...alarmLimits } : plain;
    this.#records.add({ name: pvName(i), type: 'ai', role: 'input', place, fields });
    return block;
  }

  /** As a session does it, or after each pass over all values. */
  #batched(): Observable<unknown> {
    const link = {
      client: this.#client,
      memory: this.#memory,
      log: silentLog,
      signal: new AbortController().signal,
    };
    const frames$ = this.#client.notifications$.pipe(applyTo(link, newCounters()));
    const { flush, values } = this.#options;
    if (flush > 0) return frames$.pipe(auditTime(flush * 1000));
    return frames$.pipe(filter(() => this.#memory.samples - this.#flushed >= values));
  }

  #flush(): void {
    this.#directory.flush();
    this.#batches++;
    this.#flushed = this.#memory.samples;
    if (this.#flushed < this.#wanted) return;
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#onTaken();
  }
}
