// What Channel Access costs the server, CPU of this process; the client is a child process.
import { type ChildProcess, fork } from 'node:child_process';
import { connect } from 'node:net';
import { cpuUsage, memoryUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { type CaServer, serveCa } from '../src/ca/index.ts';
import { i16, ProcessImage } from '../src/model/index.ts';
import { Directory } from '../src/pv/index.ts';
import { RecordTable } from '../src/records/index.ts';

const CHANNELS = 100_000;
const MONITORED = 10_000;
const BATCHES = 300;
const GETS = 500_000;
const TIME_DOUBLE = 20;
const UPDATE_BYTES = 40;
const VERSION_13 = Buffer.from('000000000000000d0000000000000000', 'hex');
const nameOf = (i: number) => `BENCH:ETH1:RIO2:MOD3:AiStandardChannel${i}Value`;

if (process.send) runClient(Number(process.argv[2]));
else await runServer();

async function runServer(): Promise<void> {
  const { directory, image, block } = plant();
  const options = { port: 0, interfaces: ['127.0.0.1'], beacons: { auto: false } };
  await using server = await serveCa(directory, options, new AbortController().signal);
  const client = await start(server.port);
  await create(client);
  await gets(client);
  const processing = processingCost(directory, image, block);
  await monitors(client, server, directory, image, block, processing);
  const { rss } = memoryUsage();
  console.log(`memory: ${Math.round(rss / 1e6)} MB with ${CHANNELS} records and channels`);
  client.disconnect();
}

async function create(client: ChildProcess): Promise<void> {
  const created = await cpuOf(() => ask(client, 'create'));
  report('create a channel', created, CHANNELS);
}

async function gets(client: ChildProcess): Promise<void> {
  await ask(client, 'get');
  report('get as TIME_DOUBLE, pipelined', await cpuOf(() => ask(client, 'get')), GETS);
}

/** CPU microseconds of one batch of the records alone, nobody monitoring. */
function processingCost(directory: Directory, image: ProcessImage, block: number): number {
  const before = cpuUsage();
  for (let batch = 0; batch < BATCHES; batch++) applyBatch(directory, image, block, batch);
  const { user, system } = cpuUsage(before);
  return (user + system) / BATCHES;
}

async function monitors(
  client: ChildProcess,
  server: CaServer,
  directory: Directory,
  image: ProcessImage,
  block: number,
  processing: number,
): Promise<void> {
  await ask(client, 'monitor');
  for (let batch = 0; batch < BATCHES; batch++) {
    applyBatch(directory, image, block, batch);
    await pause();
  }
  const { updates, squashed } = server.counters;
  const received = ask(client, `count ${BATCHES * MONITORED}`);
  const cpu = await cpuOf(async () => {
    for (let batch = 0; batch < BATCHES; batch++) {
      applyBatch(directory, image, block, batch);
      await pause();
    }
    await received;
  });
  const sent = server.counters.updates - updates;
  report('monitor update, from the plant', cpu, sent);
  report('monitor update, from the end of the batch', cpu - processing * BATCHES, sent);
  console.log(`(${sent} updates sent, ${server.counters.squashed - squashed} squashed)`);
}

function plant() {
  const image = new ProcessImage();
  const block = image.addBlock(MONITORED * 2);
  const records = new RecordTable(image);
  for (let i = 0; i < CHANNELS; i++) {
    const place = { block, byte: (i % MONITORED) * 2, bit: 0, datatype: i16 };
    const fed = i < MONITORED ? { place } : {};
    records.add({ name: nameOf(i), type: 'ai', role: 'input', ...fed });
  }
  return { directory: new Directory(records), image, block };
}

/** The plant changes every monitored value. */
function applyBatch(directory: Directory, image: ProcessImage, block: number, batch: number): void {
  const sample = new Uint8Array(MONITORED * 2);
  const view = new DataView(sample.buffer);
  for (let i = 0; i < MONITORED; i++) view.setInt16(i * 2, ((i + batch) * 7919) % 32768, true);
  image.apply(block, sample, 0, sample.length, batch, 0);
  directory.flush();
}

/** A plant cycle: the client takes a batch before the next one comes. */
function pause(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = cpuUsage();
  await work();
  const { user, system } = cpuUsage(before);
  return user + system;
}

function report(what: string, microseconds: number, count: number): void {
  const each = microseconds / count;
  console.log(`${what}: ${each.toFixed(3)} µs (${each.toFixed(3)} CPU-seconds per million)`);
}

function start(port: number): Promise<ChildProcess> {
  const child = fork(fileURLToPath(import.meta.url), [String(port)]);
  return new Promise((resolve) => child.once('message', () => resolve(child)));
}

function ask(child: ChildProcess, what: string): Promise<unknown> {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send(what);
  });
}

/** The client: sends what it is told to and counts the bytes that come back. */
function runClient(port: number): void {
  const socket = connect(port, '127.0.0.1');
  let received = 0;
  let wanted = Number.POSITIVE_INFINITY;
  const await_ = (bytes: number) => {
    wanted = received + bytes;
  };
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (received < wanted) return;
    wanted = Number.POSITIVE_INFINITY;
    process.send?.('done');
  });
  process.on('message', (text) => {
    const [what, count] = String(text).split(' ');
    switch (what) {
      case 'create':
        await_(CHANNELS * 32);
        socket.write(requests(CHANNELS, 64, writeCreate));
        return;
      case 'get':
        await_(GETS * UPDATE_BYTES);
        socket.write(requests(GETS, 0, writeGet));
        return;
      case 'monitor':
        await_(MONITORED * UPDATE_BYTES);
        socket.write(requests(MONITORED, 16, writeMonitor));
        return;
      case 'count':
        await_(Number(count) * UPDATE_BYTES);
    }
  });
  process.on('disconnect', () => process.exit(0));
  socket.write(VERSION_13);
  socket.once('data', () => process.send?.('ready'));
}

function requests(
  count: number,
  payload: number,
  write: (bytes: Buffer, at: number, i: number) => void,
): Buffer {
  const size = 16 + payload;
  const bytes = Buffer.alloc(count * size);
  for (let i = 0; i < count; i++) {
    bytes.writeUInt16BE(payload, i * size + 2);
    write(bytes, i * size, i);
  }
  return bytes;
}

function writeCreate(bytes: Buffer, at: number, i: number): void {
  bytes.writeUInt16BE(18, at);
  bytes.writeUInt32BE(i, at + 8);
  bytes.writeUInt32BE(13, at + 12);
  bytes.write(nameOf(i), at + 16);
}

function writeGet(bytes: Buffer, at: number, i: number): void {
  bytes.writeUInt16BE(15, at);
  bytes.writeUInt16BE(TIME_DOUBLE, at + 4);
  bytes.writeUInt16BE(1, at + 6);
  bytes.writeUInt32BE(1 + (i % CHANNELS), at + 8);
  bytes.writeUInt32BE(i, at + 12);
}

function writeMonitor(bytes: Buffer, at: number, i: number): void {
  writeGet(bytes, at, i);
  bytes.writeUInt16BE(1, at);
  bytes.writeUInt16BE(5, at + 16 + 12);
}
