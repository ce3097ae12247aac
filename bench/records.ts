import { cpuUsage, memoryUsage } from 'node:process';
import { i16, ProcessImage } from '../src/model/index.ts';
import { Directory } from '../src/pv/index.ts';
import { type RecordSpec, RecordTable, type RecordTypeName } from '../src/records/index.ts';

// What processing costs: the plant changes every value of a block, one batch takes them all.

const RECORDS = 10_000;
const BATCHES = 400;

const plain: RecordSpec['fields'] = {
  DESC: 'Value',
  EGU: 'V',
  PREC: 3,
  LINR: 'SLOPE',
  ESLO: 0.001,
};
const limited = {
  ...plain,
  HIHI: 30,
  HIGH: 20,
  LOW: -20,
  LOLO: -30,
  HHSV: 2,
  HSV: 1,
  LSV: 1,
  LLSV: 2,
};

memory(100_000);
measure('ai', 'ai', plain);
measure('ai with limits', 'ai', limited);
measure('ai with limits, dead-band of 1', 'ai', { ...limited, MDEL: 1, ADEL: 1 });
measure('longin', 'longin', {});
measure('bi', 'bi', { ZNAM: 'False', ONAM: 'True' });
measure('mbbi', 'mbbi', { ZRVL: 1, ZRST: 'init', ONVL: 2, ONST: 'pre-op', TWVL: 8, TWST: 'op' });
await puts(1_000_000);

function measure(what: string, type: RecordTypeName, fields: RecordSpec['fields']): void {
  const { image, directory, block } = plant(RECORDS, type, fields);
  const sample = new Uint8Array(RECORDS * 2);
  const view = new DataView(sample.buffer);
  let events = 0;
  directory.posted$.subscribe(({ count }) => {
    events += count;
  });
  let applying = 0;
  let processing = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    for (let i = 0; i < RECORDS; i++) view.setInt16(i * 2, ((i + batch) * 7919) % 32768, true);
    const start = cpuUsage();
    image.apply(block, sample, 0, sample.length, batch, 0);
    const applied = cpuUsage(start);
    directory.flush();
    const flushed = cpuUsage(start);
    // The first quarter warms up.
    if (batch < BATCHES / 4) continue;
    applying += applied.user + applied.system;
    processing += flushed.user + flushed.system - applied.user - applied.system;
  }
  const updates = (RECORDS * BATCHES * 3) / 4;
  console.log(
    `${what}: ${((processing / updates) * 1000).toFixed(0)} ns per processed record ` +
      `(${(processing / updates).toFixed(3)} CPU-seconds per million), ` +
      `${((applying / updates) * 1000).toFixed(0)} ns to apply, ${events} events`,
  );
}

/** Puts to soft records, a thousand in each turn of the event loop. */
async function puts(count: number): Promise<void> {
  const records = new RecordTable(new ProcessImage());
  const directory = new Directory(records);
  const fields = Array.from({ length: 1000 }, (_, i) => {
    records.add({ name: `SOFT${i}`, type: 'ai', role: 'soft' });
    return directory.find(`SOFT${i}`);
  });
  let events = 0;
  directory.posted$.subscribe((batch) => {
    events += batch.count;
  });
  const origin = { user: 'bench', host: 'bench' };
  const { signal } = new AbortController();
  const start = cpuUsage();
  for (let i = 0; i < count; i++) {
    fields[i % 1000]?.put(i, origin, signal);
    if (i % 1000 === 999) await Promise.resolve();
  }
  const { user, system } = cpuUsage(start);
  console.log(`put: ${(((user + system) / count) * 1000).toFixed(0)} ns each, ${events} events`);
}

function memory(count: number): void {
  const before = memoryUsage().rss;
  const start = performance.now();
  const { directory } = plant(count, 'ai', plain);
  const took = performance.now() - start;
  const bytes = memoryUsage().rss - before;
  console.log(
    `${directory.size} records: ${Math.round(bytes / count)} bytes each, ` +
      `${Math.round(memoryUsage().rss / 1e6)} MB in all, made in ${Math.round(took)} ms`,
  );
}

function plant(count: number, type: RecordTypeName, fields: RecordSpec['fields']) {
  const image = new ProcessImage();
  const block = image.addBlock(count * 2);
  const records = new RecordTable(image);
  for (let i = 0; i < count; i++) {
    const place = { block, byte: i * 2, bit: 0, datatype: i16 };
    const name = `BENCH:ETH1:RIO2:MOD3:AiStandardChannel${i}Value`;
    records.add({ name, type, role: 'input', place, fields: { ...fields } });
  }
  return { image, directory: new Directory(records), block };
}
