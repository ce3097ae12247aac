import { type CaServer, serveCa } from '../../src/ca/index.ts';
import { systemClock, turnClock } from '../../src/kernel/index.ts';
import { i32, ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { cpuSeconds, stopwatch } from '../support/cost.ts';
import type { Cost } from '../support/figure.ts';
import { offer } from '../support/offer.ts';
import { arrayPv, pvName, roundPv } from '../support/pv-name.ts';

// A Channel Access server on records that no plant feeds: soft ones, or inputs that this moves.

export type Records = {
  readonly count: number;
  /** `ao`: clients write them. `ai`: they change when a batch is asked for. */
  readonly type: 'ai' | 'ao';
  /** Doubles in one waveform beside them; none if left out. */
  readonly elements?: number;
};

/** Batches that a client may not have taken yet. */
const WINDOW = 2;

let served: Served | undefined;

const operations = {
  async start(wanted: Records) {
    served = new Served(wanted);
    const { port, udpPort } = await served.serve();
    return { port, udpPort, pid: process.pid };
  },

  cpu: cpuSeconds,

  /** What the server counted since it began. */
  counters: () => served?.counters,

  /** Memory after garbage collection, in bytes, and milliseconds since the process started. */
  rss(): { rss: number; sinceStart: number } {
    const sinceStart = performance.now();
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    return { rss: process.memoryUsage().rss, sinceStart };
  },

  /** All values change every `period` milliseconds. */
  tick: (given: { readonly period: number; readonly batches: number }) => served?.tick(given),

  /** All values change as soon as the client says that it has the batch before the last. */
  rounds: ({ batches }: { readonly batches: number }) => served?.rounds(batches),
};

export type CaServerProcess = typeof operations;
offer(operations);

class Served {
  readonly #image = new ProcessImage();
  readonly #records = new RecordTable(this.#image, turnClock(systemClock));
  readonly #directory = new Directory(this.#records);
  readonly #bytes: Uint8Array;
  readonly #block: number;
  readonly #count: number;
  readonly #round: number;
  #ca: CaServer | undefined;
  #batch = 0;

  constructor({ count, type, elements = 0 }: Records) {
    this.#count = count;
    this.#bytes = new Uint8Array(count * 4);
    this.#block = this.#image.addBlock(this.#bytes.length);
    for (let i = 0; i < count; i++) this.#addRecord(i, type);
    this.#round = this.#records.add({ name: roundPv, type: 'longout', role: 'soft', initial: 0 });
    if (elements > 0) {
      const fields = { FTVL: 'DOUBLE', NELM: elements };
      this.#records.add({ name: arrayPv, type: 'waveform', role: 'soft', fields });
    }
  }

  async serve(): Promise<CaServer> {
    const beacons = { auto: false, addresses: [] };
    const { signal } = new AbortController();
    const options = { port: 0, interfaces: ['127.0.0.1'], beacons };
    this.#ca = await serveCa(this.#directory, options, signal);
    return this.#ca;
  }

  async tick({ period, batches }: { readonly period: number; readonly batches: number }) {
    const cost = this.#updateCost();
    const began = performance.now();
    for (let i = 1; i <= batches; i++) {
      const wait = Math.max(0, began + i * period - performance.now());
      await new Promise((resolve) => setTimeout(resolve, wait));
      this.#change();
    }
    return cost();
  }

  get counters() {
    return this.#ca?.counters;
  }

  rounds(batches: number): Promise<Cost> {
    const cost = this.#updateCost();
    let sent = 0;
    let taken = 0;
    return new Promise((resolve) => {
      const go = () => {
        for (; sent < batches && sent < taken + WINDOW; sent++) this.#change();
        if (taken < batches) return;
        said.unsubscribe();
        resolve(cost());
      };
      const said = this.#directory.posted$.subscribe(({ count, slots }) => {
        if (count !== 1 || slots[0] !== this.#round) return;
        taken++;
        // Not from within a batch.
        setImmediate(go);
      });
      go();
    });
  }

  #updateCost(): () => Cost {
    const cost = stopwatch();
    const before = this.#ca?.counters.updates ?? 0;
    return () => cost((this.#ca?.counters.updates ?? 0) - before);
  }

  #addRecord(i: number, type: 'ai' | 'ao'): void {
    const name = pvName(i);
    const fields = { EGU: 'V', PREC: 3 };
    if (type === 'ao') {
      this.#records.add({ name, type, role: 'soft', fields, initial: i });
      return;
    }
    const place = { block: this.#block, byte: i * 4, bit: 0, datatype: i32 };
    const scale = { LINR: 'SLOPE', ESLO: 0.001 };
    this.#records.add({ name, type, role: 'input', place, fields: { ...fields, ...scale } });
  }

  /** One batch in which every value changes. */
  #change(): void {
    this.#batch++;
    const view = new DataView(this.#bytes.buffer);
    for (let i = 0; i < this.#count; i++) view.setInt32(i * 4, i + this.#batch, true);
    const { length } = this.#bytes;
    this.#image.apply(this.#block, this.#bytes, 0, length, this.#batch, 0);
    this.#directory.flush();
  }
}
