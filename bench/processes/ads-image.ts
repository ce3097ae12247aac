import { auditTime } from 'rxjs';
import {
  type AdsClient,
  amsNetId,
  amsPort,
  connectAds,
  readBytes,
  subscribe,
} from '../../src/ads/index.ts';
import { silentLog, systemClock } from '../../src/kernel/index.ts';
import { arrayOf, type Datatype, f64, i16, i32, ProcessImage, u8 } from '../../src/model/index.ts';
// Not behind the door: sessions alone use them, and this is a session without discovery.
import { Feed } from '../../src/pipeline/feed.ts';
import { newCounters, PlantMemory } from '../../src/pipeline/index.ts';
import { applyTo } from '../../src/pipeline/updates.ts';
import { stopwatch } from '../support/cost.ts';
import type { Cost } from '../support/figure.ts';
import { offer } from '../support/offer.ts';
import { Wait } from '../support/wait.ts';

// The south shore alone: from the ADS socket to the process image, without records.

export type ImageSink = {
  readonly port: number;
  /** Notifications, and bytes of each. */
  readonly values: number;
  readonly size: number;
  /** Bytes of the regions that a notification is cut into; `size` for one. */
  readonly region: number;
};

export type ImageTaken = Cost & {
  /** Samples that are not in the image although they came: no handle, wrong size, refused time. */
  readonly lost: number;
  /** Most that the process has ever held. */
  readonly peakRss: number;
};

/** Requests for notifications at a time. */
const AT_ONCE = 64;
/** `update.flush` as shipped, in milliseconds. */
const FLUSH_MS = 100;
const target = { netId: amsNetId('5.1.2.3.1.1'), port: amsPort(27905) };

const memory = new PlantMemory(new ProcessImage(), systemClock);
const wait = new Wait();
let client: AdsClient;

const operations = {
  async connect({ port }: { readonly port: number }): Promise<void> {
    client = await connectAds({
      transport: { kind: 'tcp', host: '127.0.0.1', port },
      source: { port: amsPort(8000) },
      log: silentLog,
    });
  },

  async start(sink: ImageSink): Promise<void> {
    await operations.connect(sink);
    const feeds = Array.from({ length: sink.values }, (_, i) => feedOf(sink, i));
    const request = { group: 0xf030, mode: 4, maxDelay: 0, cycleTime: 100_000 };
    for (let from = 0; from < feeds.length; from += AT_ONCE) {
      const asked = feeds.slice(from, from + AT_ONCE).map(async (feed) => {
        const { offset, length } = feed;
        const handle = await subscribe(client, target, { ...request, offset, length });
        memory.routeFeed(handle, feed);
      });
      await Promise.all(asked);
    }
    takeFrames();
  },

  /** Measures from now on until so many samples more are in the image. */
  expect: ({ samples }: { readonly samples: number }) => wait.forMore(samples),

  /** What those samples cost. */
  async taken(): Promise<ImageTaken> {
    const cost = await wait.over;
    const { image, lost, time } = memory;
    return {
      ...cost,
      lost: lost + image.wrongSize + time.refused,
      peakRss: process.resourceUsage().maxRSS * 1024,
    };
  },

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
    const place = { group: 0x4020, offset: 0, length: 4 };
    const reader = async () => {
      while (left-- > 0) await readBytes(client, target, place);
    };
    await Promise.all(Array.from({ length: inFlight }, reader));
    return cost(count);
  },
};

export type AdsImageProcess = typeof operations;
offer(operations);

/** One notification, and a slot for each region that it brings. */
function feedOf({ size, region: length }: ImageSink, i: number): Feed {
  const members = Array.from({ length: size / length }, (_, k) => {
    const block = memory.image.addBlock(length);
    memory.image.addSlot({ block, byte: 0, bit: 0, datatype: datatypeOf(length) });
    const offset = i * size + k * length;
    const region = { target, group: 0xf030, offset, length, update: 'notify' } as const;
    return { region, block, byte: k * length };
  });
  return new Feed({ target, group: 0xf030, offset: i * size, length: size }, members);
}

function datatypeOf(bytes: number): Datatype {
  switch (bytes) {
    case 2:
      return i16;
    case 4:
      return i32;
    case 8:
      return f64;
    default:
      return arrayOf(u8, bytes);
  }
}

/** As a session does it; where the records would process, what is dirty is clean again. */
function takeFrames(): void {
  const link = { client, memory, log: silentLog, signal: new AbortController().signal };
  const frames$ = client.notifications$.pipe(applyTo(link, newCounters()));
  frames$.subscribe(() => wait.look(memory.samples));
  client.notifications$.pipe(auditTime(FLUSH_MS)).subscribe(() => {
    memory.look();
    memory.image.clearDirty();
  });
}
