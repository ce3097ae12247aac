import { createSocket } from 'node:dgram';
import { CommandId } from '../../src/ca/header.ts';
import { Output } from '../../src/ca/output.ts';
import { CaCircuit } from '../support/ca-circuit.ts';
import type { Operations } from '../support/offer.ts';
import { offer } from '../support/offer.ts';
import { pvName, roundPv } from '../support/pv-name.ts';

// Load on a Channel Access server; times are seconds.

type Monitoring = {
  readonly count: number;
  readonly circuits: number;
  /** The server waits to be told that a batch was taken. */
  readonly rounds: boolean;
};

type Server = { readonly port: number; readonly udpPort: number };

/** Names of a search datagram, and datagrams that wait for their answers at the same time. */
const PER_DATAGRAM = 12;
const DATAGRAMS = 16;
/** Requests that are built at a time. */
const AT_ONCE = 1000;

let server: Server = { port: 0, udpPort: 0 };
let circuit: CaCircuit | undefined;
/** Server ids by channel number. */
let sids: Uint32Array = new Uint32Array(0);
let monitored: Monitored | undefined;

const operations = {
  use(given: Server): void {
    server = given;
  },

  /** Finds and opens so many channels on a new circuit. */
  async connect({ count }: { readonly count: number }): Promise<number> {
    circuit?.[Symbol.dispose]();
    const began = performance.now();
    await search(count);
    circuit = await CaCircuit.open(server.port);
    sids = await channels(circuit, 0, count);
    return (performance.now() - began) / 1000;
  },

  /** Opens channels of these names on a new circuit, without looking for them. */
  async open({ names }: { readonly names: readonly string[] }): Promise<void> {
    circuit?.[Symbol.dispose]();
    circuit = await CaCircuit.open(server.port);
    sids = await channelsOf(circuit, names);
  },

  /** One get after the other; returns how long each took. */
  async gets({ count }: { readonly count: number }): Promise<number[]> {
    return inTurn(count, (open, i) => open.get(sidOf(i), i), CommandId.readNotify);
  },

  /** As many gets as the circuit takes. */
  async pipelinedGets({ count }: { readonly count: number }): Promise<number> {
    return atOnce(count, (open, i) => open.get(sidOf(i), i), CommandId.readNotify);
  },

  async putNotifies({ count }: { readonly count: number }): Promise<number[]> {
    const put = (open: CaCircuit, i: number) => open.put(sidOf(i), i, Math.random(), true);
    return inTurn(count, put, CommandId.writeNotify);
  },

  async pipelinedPutNotifies({ count }: { readonly count: number }): Promise<number> {
    const put = (open: CaCircuit, i: number) => open.put(sidOf(i), i, Math.random(), true);
    return atOnce(count, put, CommandId.writeNotify);
  },

  /** Puts without completion; the answer to the get behind them tells that they are over. */
  async puts({ count }: { readonly count: number }): Promise<number> {
    const open = opened();
    const began = performance.now();
    const over = messages(open, CommandId.readNotify, 1);
    for (let i = 0; i < count; i++) {
      open.put(sidOf(i), i, i + began, false);
      if (i % AT_ONCE === AT_ONCE - 1) await open.flush();
    }
    open.get(sidOf(0), 0);
    await open.flush();
    await over;
    return (performance.now() - began) / 1000;
  },

  /** Monitors channels 0 to `count`, spread over circuits; resolves with the first update of each. */
  async monitor(wish: Monitoring): Promise<void> {
    monitored = await Monitored.open(wish);
  },

  /** All updates since monitoring began, the first of each channel too. */
  received: () => monitored?.received ?? 0,

  /** Resolves when so many updates more have come. */
  updates: ({ count }: { readonly count: number }) => monitored?.taken(count),
} satisfies Operations;

export type CaClientProcess = typeof operations;
offer(operations);

/** Counts updates, and tells the server of each whole batch. */
class Monitored {
  readonly #circuits: readonly CaCircuit[];
  readonly #batch: number;
  readonly #round: number;
  #count = 0;
  #wanted = 0;
  #onTaken = () => {};

  private constructor(circuits: readonly CaCircuit[], batch: number, round: number) {
    this.#circuits = circuits;
    this.#batch = batch;
    this.#round = round;
  }

  static async open({ count, circuits, rounds }: Monitoring): Promise<Monitored> {
    const opened: CaCircuit[] = [];
    const each = count / circuits;
    let round = 0;
    const first: Promise<void>[] = [];
    for (let c = 0; c < circuits; c++) {
      const open = await CaCircuit.open(server.port);
      const ids = await channels(open, c * each, each);
      if (c === 0 && rounds) [round = 0] = await channelsOf(open, [roundPv]);
      first.push(messages(open, CommandId.eventAdd, each));
      ids.forEach((sid, i) => {
        open.monitor(sid, i);
      });
      await open.flush();
      opened.push(open);
    }
    await Promise.all(first);
    const monitored = new Monitored(opened, count, round);
    for (const open of opened) open.onMessage = (command) => monitored.#took(command);
    return monitored;
  }

  get received(): number {
    return this.#batch + this.#count;
  }

  /** Resolves when so many updates came on top of those that were asked for before. */
  taken(count: number): Promise<void> {
    this.#wanted += count;
    return new Promise((resolve) => {
      this.#onTaken = resolve;
      this.#look();
    });
  }

  #took(command: number): void {
    if (command !== CommandId.eventAdd) return;
    this.#count++;
    if (this.#count % this.#batch === 0) this.#sayRound();
    this.#look();
  }

  #look(): void {
    if (this.#count < this.#wanted) return;
    this.#onTaken();
    this.#onTaken = () => {};
  }

  #sayRound(): void {
    const [first] = this.#circuits;
    if (this.#round === 0 || !first) return;
    first.put(this.#round, 0, this.#count / this.#batch, false);
    void first.flush();
  }
}

function opened(): CaCircuit {
  if (!circuit) throw new Error('no circuit is open');
  return circuit;
}

function sidOf(i: number): number {
  return sids[i % sids.length] ?? 0;
}

/** Resolves with the so manieth message of a command. */
function messages(open: CaCircuit, command: number, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    open.onMessage = (what) => {
      if (what === command && --left === 0) resolve();
    };
  });
}

async function inTurn(
  count: number,
  ask: (open: CaCircuit, i: number) => void,
  answer: number,
): Promise<number[]> {
  const open = opened();
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const answered = messages(open, answer, 1);
    ask(open, i);
    void open.flush();
    await answered;
    took.push((performance.now() - began) / 1000);
  }
  return took;
}

async function atOnce(
  count: number,
  ask: (open: CaCircuit, i: number) => void,
  answer: number,
): Promise<number> {
  const open = opened();
  const began = performance.now();
  const answered = messages(open, answer, count);
  for (let i = 0; i < count; i++) {
    ask(open, i);
    if (i % AT_ONCE === AT_ONCE - 1) await open.flush();
  }
  await open.flush();
  await answered;
  return (performance.now() - began) / 1000;
}

function channels(open: CaCircuit, first: number, count: number): Promise<Uint32Array> {
  return channelsOf(
    open,
    Array.from({ length: count }, (_, i) => pvName(first + i)),
  );
}

/** Opens channels; their server ids. Throws when the server has not all of them. */
async function channelsOf(open: CaCircuit, names: readonly string[]): Promise<Uint32Array> {
  const found = new Uint32Array(names.length);
  let left = names.length;
  let missing = 0;
  const answered = new Promise<void>((resolve) => {
    open.onMessage = (command, cid, sid) => {
      if (command === CommandId.createChan) found[cid] = sid;
      else if (command === CommandId.createChFail) missing++;
      else return;
      if (--left === 0) resolve();
    };
  });
  names.forEach((name, cid) => {
    open.create(name, cid);
  });
  await open.flush();
  await answered;
  if (missing > 0) throw new Error(`the server has not ${missing} of ${names.length} channels`);
  return found;
}

/** Searches for names over UDP, some datagrams at a time, until each is found. */
async function search(count: number): Promise<void> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
  try {
    let left = count;
    let next = 0;
    await new Promise<void>((resolve) => {
      const more = () => {
        const wanted = Math.min(count, count - left + PER_DATAGRAM * DATAGRAMS);
        for (; next < wanted; next += PER_DATAGRAM) {
          socket.send(searchDatagram(next, Math.min(count, next + PER_DATAGRAM)));
        }
      };
      socket.on('message', (reply) => {
        left -= replies(reply);
        if (left === 0) resolve();
        else more();
      });
      socket.connect(server.udpPort, '127.0.0.1', more);
    });
  } finally {
    socket.close();
  }
}

function searchDatagram(from: number, to: number): Uint8Array {
  const out = new Output();
  out.message(CommandId.version, 0, 0, 13, 0, 0);
  for (let i = from; i < to; i++) {
    const name = pvName(i);
    const size = (name.length + 8) & ~7;
    // Reply flag 5: silence when it is not there.
    const at = out.message(CommandId.search, size, 5, 13, i, i);
    out.zero(at, size);
    Buffer.from(out.bytes.buffer).write(name, at, 'latin1');
  }
  return out.pending();
}

/** Names found by a datagram of 24-byte replies behind a VERSION. */
function replies(datagram: Uint8Array): number {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  let found = 0;
  for (let at = 0; at + 16 <= view.byteLength; at += 16 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === CommandId.search) found++;
  }
  return found;
}
