import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { Gate } from '../../../src/bus/broker/gate.ts';
import { ManualClock } from '../../ads/manual-clock.ts';

/** PUBLISH of "a" without payload. */
const message = Buffer.from('3003000161', 'hex');

function gateOn(socket: PassThrough, isOwn = false) {
  const clock = new ManualClock();
  const limits = { packet: 100, rate: 10, queueBytes: 1000 };
  const gate = new Gate(socket, { limits, clock, isOwn, where: 'here', certified: undefined });
  let bytes = 0;
  gate.on('data', (chunk) => {
    bytes += chunk.length;
  });
  return { gate, clock, messages: () => bytes / message.length };
}

const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true));
/** Twice round the event loop: what was to come has come. */
const settled = async () => {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('the gate before the broker', () => {
  it('lets a client say no more than its rate, and loses nothing of it', async () => {
    const socket = new PassThrough();
    const { clock, messages } = gateOn(socket);
    // A second of them may come at once, then one each 0.1 s; the eleventh is a debt.
    for (let i = 0; i < 11; i++) socket.write(message);
    await until(() => messages() === 11);
    for (let i = 0; i < 5; i++) socket.write(message);
    await settled();
    expect(messages()).toBe(11);
    clock.advance(200);
    await until(() => messages() > 11);
    clock.advance(1000);
    await until(() => messages() === 16);
  });

  it('lets the IOC itself say what it wants', async () => {
    const socket = new PassThrough();
    const { messages } = gateOn(socket, true);
    for (let i = 0; i < 50; i++) socket.write(message);
    await until(() => messages() === 50);
  });

  it('ends with a packet that is too long', async () => {
    const socket = new PassThrough();
    const { gate, messages } = gateOn(socket);
    const failure = new Promise<Error>((resolve) => gate.on('error', resolve));
    socket.write(Buffer.from('3065', 'hex'));
    expect((await failure).message).toContain('more than 100 bytes');
    expect(messages()).toBe(0);
    expect(socket.destroyed).toBe(true);
  });

  it('has a bounded number of bytes waiting for who takes none', async () => {
    const socket = new PassThrough({ highWaterMark: 10 });
    const { gate } = gateOn(socket);
    gate.removeAllListeners('data').pause();
    let taken = 0;
    while (gate.write(Buffer.alloc(100)) && taken < 100) taken++;
    expect(taken).toBeLessThan(15);
  });
});
