import { type ActiveSubscription, Client } from 'ads-client';
import { stopwatch } from '../support/cost.ts';
import type { Cost } from '../support/figure.ts';
import { offer } from '../support/offer.ts';

// The peer: npm ads-client takes the same frames and decodes each sample to a number, no more.

type Sink = { readonly port: number; readonly values: number; readonly size: number };

/** Requests for notifications at a time. */
const AT_ONCE = 64;

let samples = 0;
let wanted = Number.POSITIVE_INFINITY;
let onTaken = () => {};
let taken: Promise<Cost> | undefined;
/** Keeps the numbers alive, as whoever asked for them would. */
let newest: Float64Array;

const operations = {
  async start({ port, values, size }: Sink): Promise<void> {
    newest = new Float64Array(values);
    const client = new Client({
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
    for (let from = 0; from < values; from += AT_ONCE) {
      const asked: Promise<ActiveSubscription>[] = [];
      for (let i = from; i < Math.min(values, from + AT_ONCE); i++) {
        asked.push(client.subscribeRaw(0xf030, i * 4, size, decodeTo(i, size), 10));
      }
      await Promise.all(asked);
    }
  },

  /** Measures from now on until so many samples more were decoded. */
  expect({ samples: count }: { readonly samples: number }): void {
    const cost = stopwatch();
    wanted = samples + count;
    taken = new Promise((resolve) => {
      onTaken = () => resolve(cost(count));
    });
  },

  /** What those samples cost. */
  taken: () => taken,
};

export type AdsClientProcess = typeof operations;
offer(operations);

function decodeTo(value: number, size: number) {
  return ({ value: bytes }: { value: Buffer }) => {
    newest[value] = size === 2 ? bytes.readInt16LE() : bytes.readInt32LE();
    if (++samples < wanted) return;
    wanted = Number.POSITIVE_INFINITY;
    onTaken();
  };
}
