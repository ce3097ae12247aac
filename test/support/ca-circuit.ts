import { BufferPool } from '../../src/ca/buffer-pool.ts';
import { Circuit, type CircuitWorld } from '../../src/ca/circuit.ts';
import { newTally } from '../../src/ca/counters.ts';
import { completeOptions, type Limits } from '../../src/ca/options.ts';
import { Publisher } from '../../src/ca/publisher.ts';
import { type Clock, silentLog, systemClock } from '../../src/kernel/index.ts';
import type { PvDirectory } from '../../src/pv/index.ts';

/** A world for circuits without sockets, over a directory. */
export function circuitWorld(
  directory: PvDirectory,
  limits: Partial<Limits> = {},
  clock: Clock = systemClock,
): CircuitWorld {
  const all = completeOptions({ limits }).limits;
  const tally = newTally();
  const publisher = new Publisher(() => directory.columns, all.maxArrayBytes, tally, silentLog);
  directory.posted$.subscribe((batch) => publisher.publish(batch));
  let sid = 0;
  const nextSid = () => ++sid;
  const world = { directory, publisher, limits: all, tally, clock, log: silentLog };
  return { ...world, pool: new BufferPool(), tcpPort: 5064, nextSid };
}

/** A circuit whose bytes are hex text on both sides; everything it writes is taken at once. */
export class TestCircuit {
  readonly circuit: Circuit;
  #taken = '';

  constructor(world: CircuitWorld) {
    this.circuit = new Circuit(world, '10.0.0.7', () => this.#take());
  }

  /** Sends what a client sends first: VERSION 13. */
  greeted(): this {
    this.send('0000 0000 0000 000d 00000000 00000000');
    this.received();
    return this;
  }

  /** Opens a channel; returns its server id. */
  open(name: string, cid = 1): number {
    this.send(message(18, `${text(name)}`, { p1: cid, p2: 13 }));
    const reply = this.received();
    // ACCESS_RIGHTS, then CREATE_CHAN with the id in p2.
    return Number.parseInt(reply.slice(56, 64), 16);
  }

  send(hex: string): this {
    this.circuit.receive(bytesOf(hex));
    // An ended circuit has output, too.
    this.#take();
    return this;
  }

  /** What came back since the last time, as hex without blanks. */
  received(): string {
    const taken = this.#taken;
    this.#taken = '';
    return taken;
  }

  #take(): void {
    const { output } = this.circuit;
    while (output.length > 0) {
      this.#taken += Buffer.from(output.pending()).toString('hex');
      output.reset(true);
      this.circuit.resume();
    }
  }
}

/** A message with a plain header; the payload, hex, is padded with zeros. */
export function message(
  command: number,
  payload = '',
  { type = 0, count = 0, p1 = 0, p2 = 0 } = {},
): string {
  const bytes = payload.replaceAll(' ', '');
  const padded = bytes.padEnd(Math.ceil(bytes.length / 16) * 16, '0');
  const header = [command, padded.length / 2, type, count].map((field) => hex(field, 4)).join('');
  return header + hex(p1, 8) + hex(p2, 8) + padded;
}

/** Text with its NUL, as hex. */
export function text(value: string): string {
  return Buffer.from(`${value}\0`).toString('hex');
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

export function bytesOf(hexText: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hexText.replaceAll(/\s/g, ''), 'hex'));
}

/** Hex without blanks, to compare. */
export function plain(hexText: string): string {
  return hexText.replaceAll(/\s/g, '');
}
