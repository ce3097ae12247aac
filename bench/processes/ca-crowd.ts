import { createSocket } from 'node:dgram';
import { CommandId } from '../../src/ca/header.ts';
import { Output } from '../../src/ca/output.ts';
import { CaCircuit } from '../support/ca-circuit.ts';
import { type Operations, offer } from '../support/offer.ts';
import { pvName } from '../support/pv-name.ts';

// Clients as no server likes them: many that say nothing, one that never reads, one that floods.

const idle: CaCircuit[] = [];
/** Datagrams between two turns of the event loop. */
const AT_ONCE = 64;

const operations = {
  /** Opens circuits with a channel each, and leaves them. */
  async idle({ port, count }: { readonly port: number; readonly count: number }): Promise<void> {
    for (let i = 0; i < count; i++) {
      const circuit = await CaCircuit.open(port);
      const created = answered(circuit, CommandId.createChan);
      circuit.create(pvName(i), 1);
      await circuit.flush();
      await created;
      idle.push(circuit);
    }
  },

  /** Monitors so many channels on one circuit, and never reads what comes. */
  async deaf({ port, count }: { readonly port: number; readonly count: number }): Promise<void> {
    const circuit = await CaCircuit.open(port);
    const sids: number[] = [];
    const created = new Promise<void>((resolve) => {
      circuit.onMessage = (command, _, sid) => {
        if (command === CommandId.createChan && sids.push(sid) === count) resolve();
      };
    });
    for (let i = 0; i < count; i++) circuit.create(pvName(i), i);
    await circuit.flush();
    await created;
    circuit.stopReading();
    for (const [i, sid] of sids.entries()) circuit.monitor(sid, i);
    await circuit.flush();
    idle.push(circuit);
  },

  /** Searches for names that nobody has, as fast as it can; resolves with datagrams sent. */
  async flood({ port, seconds }: { readonly port: number; readonly seconds: number }) {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', () => resolve()));
    const datagram = search('NOBODY:HAS:THIS:NAME');
    const end = performance.now() + seconds * 1000;
    let sent = 0;
    while (performance.now() < end) {
      for (let i = 0; i < AT_ONCE; i++) socket.send(datagram, () => {});
      sent += AT_ONCE;
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.close();
    return sent;
  },
} satisfies Operations;

export type CaCrowdProcess = typeof operations;
offer(operations);

function answered(circuit: CaCircuit, command: number): Promise<void> {
  return new Promise((resolve) => {
    circuit.onMessage = (what) => {
      if (what === command) resolve();
    };
  });
}

function search(name: string): Uint8Array {
  const out = new Output();
  out.message(CommandId.version, 0, 0, 13, 0, 0);
  const size = (name.length + 8) & ~7;
  // Reply flag 5: silence when it is not there.
  const at = out.message(CommandId.search, size, 5, 13, 1, 1);
  out.zero(at, size);
  Buffer.from(out.bytes.buffer).write(name, at, 'latin1');
  return out.pending().slice();
}
