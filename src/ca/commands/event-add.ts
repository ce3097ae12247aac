import type { Channel } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import { LAST_DBR, payloadSize } from '../dbr.ts';
import { CommandId, Eca, type Request } from '../header.ts';
import { Subscription } from '../subscription.ts';
import type { Command } from './command.ts';

/** Three unused floats precede the mask (facts/ca.md section 2). */
const MASK_OFFSET = 12;

/** The client monitors a field: one update at once, then one per matching event. */
export const eventAdd: Command = {
  id: CommandId.eventAdd,
  name: 'EVENT_ADD',
  answer(circuit, request) {
    const channel = circuit.channelOf(request);
    if (channel === undefined) return undefined;
    if (request.type > LAST_DBR) circuit.end('protocol');
    else subscribe(circuit, channel, request);
    return undefined;
  },
};

function subscribe(circuit: Circuit, channel: Channel, request: Request): void {
  if (!isAcceptable(circuit, channel, request)) return;
  const { type, count, p1: sid, p2: id } = request;
  const known = channel.subscriptions.get(id);
  if (known) circuit.monitors.end(known);
  const mask = maskOf(request);
  const subscription = new Subscription(circuit, channel.field, { sid, id, type, count, mask });
  channel.subscriptions.set(id, subscription);
  circuit.monitors.begin(subscription, channel.grant.read);
}

/** Whether the subscription may be made; if not, the client has been told why. */
function isAcceptable(circuit: Circuit, { cid }: Channel, request: Request): boolean {
  const { limits, tally } = circuit.world;
  const mask = maskOf(request);
  if (mask === 0 || mask > 0xff) {
    circuit.refuse(request, cid, Eca.allocMem, `event mask ${mask}`);
    return false;
  }
  if (payloadSize(request.type, request.count) > circuit.maxPayload) {
    circuit.tooLarge(request, cid);
    return false;
  }
  if (circuit.monitors.count >= limits.subscriptionsPerCircuit) {
    tally.refusedSubscriptions++;
    const text = `more than ${limits.subscriptionsPerCircuit} subscriptions`;
    circuit.error(request, cid, Eca.allocMem, text);
    return false;
  }
  return true;
}

function maskOf({ view, payloadAt, size }: Request): number {
  return size < MASK_OFFSET + 2 ? 0 : view.getUint16(payloadAt + MASK_OFFSET);
}
