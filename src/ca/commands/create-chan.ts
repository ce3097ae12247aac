import { Channel } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import { nativeType } from '../dbr.ts';
import { CommandId, EXTENDED_HEADER_MINOR, payloadTextEnd, type Request } from '../header.ts';
import type { Command } from './command.ts';

/** Largest count that a header of 16 bytes can say. */
const MOST_PLAIN_COUNT = 0xfffe;

/** The client opens a channel to a field: access rights, then native type, count and server id. */
export const createChan: Command = {
  id: CommandId.createChan,
  name: 'CREATE_CHAN',
  answer(circuit, request) {
    if (request.size <= 1) return undefined;
    circuit.world.tally.creates++;
    circuit.minor = request.p2;
    const channel = open(circuit, request);
    if (channel) announce(circuit, channel);
    else circuit.output.message(CommandId.createChFail, 0, 0, 0, request.p1, 0);
    return undefined;
  },
};

function open(circuit: Circuit, request: Request): Channel | undefined {
  const { directory, limits, tally } = circuit.world;
  if (circuit.channels.size >= limits.channelsPerCircuit) {
    tally.refusedChannels++;
    return undefined;
  }
  const { bytes, payloadAt, p1: cid } = request;
  const field = directory.findBytes(bytes, payloadAt, payloadTextEnd(request));
  if (field === undefined) return undefined;
  const grant = circuit.access.session.grant(field);
  const channel = new Channel(circuit.world.nextSid(), cid, field, grant);
  circuit.channels.set(channel.sid, channel);
  tally.channels++;
  return channel;
}

function announce(circuit: Circuit, { cid, sid, field, told }: Channel): void {
  const { output, minor } = circuit;
  const count =
    minor < EXTENDED_HEADER_MINOR ? Math.min(field.maxCount, MOST_PLAIN_COUNT) : field.maxCount;
  output.message(CommandId.accessRights, 0, 0, 0, cid, told);
  output.message(CommandId.createChan, 0, nativeType(field.type), count, cid, sid);
}
