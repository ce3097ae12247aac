import { baseOf } from '../dbr.ts';
import { CommandId, Eca, NONE, type Request, textAt } from '../header.ts';
import type { ClientChannel } from './client-channel.ts';
import type { ClientCircuit } from './client-circuit.ts';
import { addressOf, endpointText } from './endpoint.ts';
import { readingOf } from './reading.ts';
import { statusText } from './request.ts';

type Answer = (circuit: ClientCircuit, message: Request) => void;

/** What servers send, by command (facts/ca.md section 2); what is not here is ignored. */
export const answers: Readonly<Record<number, Answer>> = {
  [CommandId.version]: (circuit, { count }) => {
    circuit.minor = count;
  },
  [CommandId.accessRights]: (circuit, { p1: cid, p2: rights }) => {
    circuit.channels.get(cid)?.allow(rights);
  },
  [CommandId.createChan]: (circuit, { type, count, p1: cid, p2: sid }) => {
    const server = endpointText(circuit.server);
    const channel = circuit.channels.get(cid);
    if (channel) channel.created({ server, type: baseOf(type), count }, sid);
    // Closed before the server had created it.
    else circuit.output.message(CommandId.clearChannel, 0, 0, 0, sid, cid);
  },
  [CommandId.createChFail]: (circuit, { p1: cid }) => {
    giveUp(circuit, circuit.channels.get(cid), 'its server does not have it');
  },
  [CommandId.serverDisconnect]: (circuit, { p1: cid }) => {
    giveUp(circuit, circuit.channels.get(cid), 'its server dropped it');
  },
  [CommandId.eventAdd]: takeUpdate,
  [CommandId.readNotify]: takeValue,
  [CommandId.writeNotify]: (circuit, { p1: status, p2: ioid }) => {
    const sent = circuit.settled(ioid);
    if (status === Eca.normal) sent?.request.succeed(undefined);
    else sent?.request.fail(statusText(status), status);
  },
  [CommandId.error]: takeError,
  [CommandId.search]: (circuit, { type: port, p1, p2: cid }) => {
    const address = p1 === NONE ? circuit.server.address : addressOf(p1);
    circuit.host.found(cid, { address, port });
  },
};

function giveUp(circuit: ClientCircuit, channel: ClientChannel | undefined, why: string): void {
  if (channel === undefined) return;
  circuit.drop(channel, `${channel.name}: ${why}`);
  circuit.host.refused(channel);
}

/** Of no size: the confirmation of a cancel, which comes for subscriptions that are gone. */
function takeUpdate(circuit: ClientCircuit, message: Request): void {
  const subscription = circuit.subscriptions.get(message.p2);
  if (subscription === undefined || message.size === 0) return;
  const { type, count, p1: status } = message;
  const isScalar = subscription.channel.info?.count === 1;
  subscription.take(status, readingOf(message, type, count, isScalar));
}

/** The answer to a read, or to the refreshing of a subscription. */
function takeValue(circuit: ClientCircuit, message: Request): void {
  const { type, count, p1: status, p2: id } = message;
  const sent = circuit.settled(id);
  if (sent === undefined) {
    takeUpdate(circuit, message);
    return;
  }
  if (status !== Eca.normal) {
    sent.request.fail(statusText(status), status);
    return;
  }
  sent.request.succeed(readingOf(message, type, count, sent.channel.info?.count === 1));
}

/** The header of the request that failed, then a text; what it was tells who waits for it. */
function takeError(circuit: ClientCircuit, message: Request): void {
  const { view, bytes, payloadAt, size, p1: cid, p2: status } = message;
  if (size < 16) return;
  const command = view.getUint16(payloadAt);
  const headerSize = view.getUint16(payloadAt + 2) === 0xffff ? 24 : 16;
  const end = bytes.indexOf(0, payloadAt + headerSize);
  const last = payloadAt + size;
  const context = textAt(
    bytes,
    Math.min(payloadAt + headerSize, last),
    Math.min(end < 0 ? last : end, last),
  );
  const id = view.getUint32(payloadAt + 12);
  const text = context === '' ? statusText(status) : `${statusText(status)} (${context})`;
  const isAnswer = command === CommandId.readNotify || command === CommandId.writeNotify;
  if (isAnswer && circuit.isWaiting(id)) circuit.settled(id)?.request.fail(text, status);
  else if (command === CommandId.eventAdd && circuit.subscriptions.has(id)) {
    circuit.subscriptions.get(id)?.listener.failed?.(text, status);
  } else {
    const name = circuit.channels.get(cid)?.name ?? endpointText(circuit.server);
    circuit.host.exception(`${name}: ${text}`);
  }
}
