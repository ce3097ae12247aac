import { CommandId } from '../header.ts';
import type { Command } from './command.ts';

/** The client closes a channel; its subscriptions and puts end with it. */
export const clearChannel: Command = {
  id: CommandId.clearChannel,
  name: 'CLEAR_CHANNEL',
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    circuit.close(channel);
    const { type, count } = request;
    circuit.output.message(CommandId.clearChannel, 0, type, count, channel.sid, channel.cid);
    return undefined;
  },
};
