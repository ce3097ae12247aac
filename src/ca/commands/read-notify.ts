import { appendDenial, appendFieldAnswer } from '../answer.ts';
import type { Channel } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import { LAST_DBR } from '../dbr.ts';
import { CommandId, type Request } from '../header.ts';
import type { Command } from './command.ts';

/** The client reads a value: one answer, also when it cannot be had (facts/ca.md section 5). */
export const readNotify: Command = {
  id: CommandId.readNotify,
  name: 'READ_NOTIFY',
  // hot path
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    if (request.type > LAST_DBR) circuit.end('protocol');
    else answerValue(circuit, channel, request);
    return undefined;
  },
};

// hot path
function answerValue(circuit: Circuit, channel: Channel, request: Request): void {
  const { field, cid, grant } = channel;
  const { type, count, p2: ioid } = request;
  circuit.world.tally.gets++;
  const wish = { field, type, count };
  const appended = grant.read
    ? appendFieldAnswer(circuit, wish, readNotify.id, ioid)
    : appendDenial(circuit, wish, readNotify.id, ioid);
  if (appended === 'too-large') circuit.tooLarge(request, cid);
}
