import { appendFieldValue } from '../answer.ts';
import type { Channel } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import { Base, LAST_DBR } from '../dbr.ts';
import { CommandId, Eca, HEADER_SIZE, type Request } from '../header.ts';
import type { Command } from './command.ts';

/** The read of old clients: the answer carries the client's channel id, failures are ERRORs. */
export const read: Command = {
  id: CommandId.read,
  name: 'READ',
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    if (request.type > LAST_DBR) {
      circuit.refuse(request, channel.cid, Eca.badType, `no DBR type ${request.type}`);
    } else answerValue(circuit, channel, request);
    return undefined;
  },
};

function answerValue(circuit: Circuit, { field, cid, grant }: Channel, request: Request): void {
  const { type, count, p2: ioid } = request;
  const start = circuit.output.length;
  circuit.world.tally.gets++;
  if (!grant.read) {
    circuit.error(request, cid, Eca.noReadAccess, `${field.record}.${field.field}`);
    return;
  }
  const appended = appendFieldValue(circuit, { field, type, count }, read.id, cid, ioid);
  if (appended === 'too-large') circuit.tooLarge(request, cid);
  else if (appended === 'unreadable') {
    circuit.error(request, cid, Eca.getFail, `${field.record}.${field.field} cannot be read so`);
  } else if (type === Base.string && count === 1) shortenText(circuit, start);
}

/** One DBR_STRING is cut to its text and NUL, rounded up to 8 (facts/ca.md section 5). */
function shortenText({ output }: Circuit, start: number): void {
  const at = start + HEADER_SIZE;
  const text = output.bytes.indexOf(0, at) - at;
  const size = Math.ceil((text + 1) / 8) * 8;
  output.view.setUint16(start + 2, size);
  output.rewind(at + size);
}
