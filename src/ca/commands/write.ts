import type { PutOutcome } from '../../pv/index.ts';
import type { Channel } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import { Dbr, LAST_DBR } from '../dbr.ts';
import { keptHeader } from '../error-message.ts';
import { CommandId, Eca, type Request } from '../header.ts';
import { isOver, putWritten, statusOf } from '../put.ts';
import type { Command } from './command.ts';

/** The client puts and wants no answer, unless it fails (facts/ca.md section 6). */
export const write: Command = {
  id: CommandId.write,
  name: 'WRITE',
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    if (request.type > LAST_DBR) {
      circuit.refuse(request, channel.cid, Eca.badType, `no DBR type ${request.type}`);
    } else if (request.type === Dbr.timeString || request.type > Dbr.putAcks) {
      circuit.error(request, channel.cid, Eca.putFail, channel.field.record);
    } else put(circuit, channel, request);
    return undefined;
  },
};

function put(circuit: Circuit, channel: Channel, request: Request): void {
  circuit.world.tally.puts++;
  const outcome = putWritten(request, channel, circuit.access.session, false);
  if (isOver(outcome)) {
    complain(circuit, channel, request, outcome);
    return;
  }
  const kept = keptHeader(request);
  void outcome.then((late) => {
    complain(circuit, channel, kept, late);
    circuit.flushSoon();
  });
}

function complain(
  circuit: Circuit,
  { field, cid }: Channel,
  request: Request,
  outcome: PutOutcome,
): void {
  if (outcome.kind === 'done' || outcome.kind === 'cancelled') return;
  circuit.error(request, cid, statusOf(outcome), `${field.record}.${field.field}: ${outcome.text}`);
}
