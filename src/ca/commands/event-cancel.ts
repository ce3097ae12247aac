import { CommandId, Eca } from '../header.ts';
import type { Command } from './command.ts';

/** The client ends a monitor; the confirmation is an EVENT_ADD without payload. */
export const eventCancel: Command = {
  id: CommandId.eventCancel,
  name: 'EVENT_CANCEL',
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    const subscription = channel.subscriptions.get(request.p2);
    if (subscription === undefined) {
      const text = `no subscription with id ${request.p2}`;
      circuit.refuse(request, channel.cid, Eca.badMonitorId, text);
      return undefined;
    }
    circuit.monitors.end(subscription);
    channel.subscriptions.delete(subscription.id);
    const { type, count, sid, id } = subscription;
    circuit.output.message(CommandId.eventAdd, 0, type, count, sid, id);
    return undefined;
  },
};
