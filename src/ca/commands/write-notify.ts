import type { PutOutcome } from '../../pv/index.ts';
import type { Channel, PendingPut } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import { Base, Dbr, LAST_DBR } from '../dbr.ts';
import { CommandId, Eca, type Request } from '../header.ts';
import { isOver, putWritten, statusOf } from '../put.ts';
import type { Command } from './command.ts';

/**
 * The client puts and wants to hear when everything that the put started is over. One at a time
 * per channel: the next one waits (facts/ca.md section 6).
 */
export const writeNotify: Command = {
  id: CommandId.writeNotify,
  name: 'WRITE_NOTIFY',
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    if (channel.pendingPut) return channel;
    if (request.type > LAST_DBR) {
      reply(circuit, request.type, request.count, Eca.badType, request.p2);
      circuit.end('protocol');
    } else if (!isWritable(request.type)) {
      reply(circuit, request.type, request.count, Eca.putFail, request.p2);
    } else put(circuit, channel, request);
    return undefined;
  },
};

/** Plain types and acknowledgements; the others are refused (facts/ca.md section 6). */
function isWritable(type: number): boolean {
  return type <= Base.double || type === Dbr.putAckt || type === Dbr.putAcks;
}

function put(circuit: Circuit, channel: Channel, request: Request): void {
  const { type, count, p2: ioid } = request;
  circuit.world.tally.puts++;
  const outcome = putWritten(request, channel, circuit.access.session, true);
  if (isOver(outcome)) {
    reply(circuit, type, count, statusOf(outcome), ioid);
    return;
  }
  const pending: PendingPut = { type, count, ioid };
  channel.pendingPut = pending;
  void outcome.then((late) => complete(circuit, channel, pending, late));
}

/** A put whose channel was closed, or that was given up, ends in silence. */
function complete(
  circuit: Circuit,
  channel: Channel,
  pending: PendingPut,
  outcome: PutOutcome,
): void {
  if (channel.pendingPut !== pending) return;
  channel.pendingPut = undefined;
  const { type, count, ioid } = pending;
  reply(circuit, type, count, statusOf(outcome), ioid);
  circuit.flushSoon();
}

function reply(circuit: Circuit, type: number, count: number, status: Eca, ioid: number): void {
  circuit.output.message(CommandId.writeNotify, 0, type, count, status, ioid);
}
