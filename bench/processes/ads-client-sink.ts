import { type ActiveSubscription, Client } from 'ads-client';
import { stopwatch } from '../support/cost.ts';
import { offer } from '../support/offer.ts';
import { Wait } from '../support/wait.ts';

// The peer: npm ads-client takes the same frames and decodes each sample to a number, no more.

type Sink = { readonly port: number; readonly values: number; readonly size: number };

/** Requests for notifications at a time. */
const AT_ONCE = 64;

let client: Client;
let samples = 0;
const wait = new Wait();
/** Keeps the numbers alive, as whoever asked for them would. */
let newest: Float64Array;

const operations = {
  async connect({ port }: { readonly port: number }): Promise<void> {
    client = new Client({
      targetAmsNetId: '5.1.2.3.1.1',
      targetAdsPort: 27905,
      routerAddress: '127.0.0.1',
      routerTcpPort: port,
      localAmsNetId: '192.168.1.10.1.1',
      localAdsPort: 32750,
      rawClient: true,
      autoReconnect: false,
      hideConsoleWarnings: true,
    });
    await client.connect();
  },

  async start(sink: Sink): Promise<void> {
    const { values, size } = sink;
    newest = new Float64Array(values);
    await operations.connect(sink);
    for (let from = 0; from < values; from += AT_ONCE) {
      const asked: Promise<ActiveSubscription>[] = [];
      for (let i = from; i < Math.min(values, from + AT_ONCE); i++) {
        asked.push(client.subscribeRaw(0xf030, i * 4, size, decodeTo(i, size), 10));
      }
      await Promise.all(asked);
    }
  },

  /** Measures from now on until so many samples more were decoded. */
  expect: ({ samples: count }: { readonly samples: number }) => wait.forMore(count),

  /** What those samples cost. */
  taken: () => wait.over,

  /** How many there were so far. */
  samples: () => samples,

  peakRss: () => process.resourceUsage().maxRSS * 1024,

  /** The event loop stands still; the cost of the samples that are expected counts from then on. */
  stall({ milliseconds }: { readonly milliseconds: number }): void {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
    wait.restart();
  },

  /** Reads of 4 bytes, so many at any time. */
  async reads({ count, inFlight }: { readonly count: number; readonly inFlight: number }) {
    const cost = stopwatch();
    let left = count;
    const reader = async () => {
      while (left-- > 0) await client.readRaw(0x4020, 0, 4);
    };
    await Promise.all(Array.from({ length: inFlight }, reader));
    return cost(count);
  },
};

export type AdsClientProcess = typeof operations;
offer(operations);

function decodeTo(value: number, size: number) {
  return ({ value: bytes }: { value: Buffer }) => {
    newest[value] = size === 2 ? bytes.readInt16LE() : bytes.readInt32LE();
    wait.look(++samples);
  };
}
