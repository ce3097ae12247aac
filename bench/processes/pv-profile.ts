import { EMPTY } from 'rxjs';
import {
  type MqttBusLink,
  openBusLink,
  type PvProfile,
  type PvProfileOptions,
  servePvProfile,
} from '../../src/bus/index.ts';
import { Scope, silentLog, systemClock, turnClock } from '../../src/kernel/index.ts';
import { i32, ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { stopwatch } from '../support/cost.ts';
import { offer } from '../support/offer.ts';

// Analogue inputs that this moves, each on topics of its own or not on the bus at all.

const COUNT = 10_000;
/** Batches in a second; each changes its part of the PVs. */
const PARTS = 10;

const options: PvProfileOptions = {
  ...{ prefix: 'epics/bench', splitNames: true, payload: 'json', arrays: 'json' },
  ...{ include: [/^/], exclude: [], rules: [], tick: 0.1, period: 0.5, heartbeat: 600 },
  ...{ retain: true, qos: 0, burst: COUNT, maxBytes: 1_000_000 },
};

const image = new ProcessImage();
const records = new RecordTable(image, turnClock(systemClock));
const directory = new Directory(records);
const bytes = new Uint8Array(4 * COUNT);
const block = image.addBlock(bytes.length);
const scope = new Scope();
let link: MqttBusLink | undefined;
let profile: PvProfile | undefined;

for (let i = 0; i < COUNT; i++) {
  const place = { block, byte: 4 * i, bit: 0, datatype: i32 };
  const fields = { EGU: 'V', PREC: 3, LINR: 'SLOPE', ESLO: 0.001 };
  records.add({
    name: `B:MOD${i >> 4}:Ai${i & 15}Value`,
    type: 'ai',
    role: 'input',
    place,
    fields,
  });
}

const operations = {
  /** Serves the PVs on the bus; resolves when all of them were told once. */
  async serve({ url }: { readonly url: string }) {
    link = openBusLink({ url, clientId: 'bench-pv', log: silentLog }, scope.signal);
    const nodes = { plants: [], changed$: EMPTY };
    profile = servePvProfile(options, { link, directory, nodes, log: silentLog, version: '1' });
    const began = performance.now();
    link.start();
    change(0, COUNT);
    // A state and metadata of each.
    while (link.pump.sent < 2 * COUNT) await pause(10);
    return { ms: performance.now() - began, size: profile.size };
  },

  /** Every value changes once a second, a tenth of the PVs at a time. */
  async move({ seconds }: { readonly seconds: number }) {
    const before = link?.pump.sent ?? 0;
    const cost = stopwatch();
    const began = performance.now();
    for (let i = 0; i < seconds * PARTS; i++) {
      const from = (i % PARTS) * (COUNT / PARTS);
      change(from, from + COUNT / PARTS);
      await pause(began + ((i + 1) * 1000) / PARTS - performance.now());
    }
    return { ...cost(seconds * COUNT), messages: (link?.pump.sent ?? 0) - before };
  },
};

export type PvProfileProcess = typeof operations;
offer(operations);

let batch = 0;

/** Values of some PVs change in one batch. */
function change(from: number, to: number): void {
  batch++;
  const view = new DataView(bytes.buffer);
  for (let i = from; i < to; i++) view.setInt32(4 * i, i + batch, true);
  image.apply(block, bytes, 0, bytes.length, batch, 0);
  directory.flush();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
