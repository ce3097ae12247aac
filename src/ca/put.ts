import { messageOf } from '../kernel/index.ts';
import type { PutOutcome, Session } from '../pv/index.ts';
import type { Channel } from './channel.ts';
import { Dbr } from './dbr.ts';
import { Eca, type Request } from './header.ts';
import { writtenValue } from './written-value.ts';

/** Puts what a WRITE or WRITE_NOTIFY carries into the channel's field. */
export function putWritten(
  request: Request,
  channel: Channel,
  session: Session,
  notify: boolean,
): PutOutcome | Promise<PutOutcome> {
  // Filters do not apply to puts: they go to the whole field (facts/ca.md section 8).
  const { grant } = channel;
  const field = channel.field.filter?.whole ?? channel.field;
  const value = writtenValue(request, field);
  if (value === undefined) {
    const text = `${request.count} elements do not fit ${request.size} bytes or the field`;
    return { kind: 'refused', reason: 'bad-value', text };
  }
  if (request.type === Dbr.putAckt || request.type === Dbr.putAcks) {
    const which = request.type === Dbr.putAckt ? 'ackt' : 'acks';
    return session.putAcknowledge(field, grant, which, Number(value));
  }
  try {
    return session.put(field, grant, value, notify, channel.putSignal);
  } catch (cause) {
    return { kind: 'failed', text: messageOf(cause) };
  }
}

/** Whether a put has ended already; of those that have not the outcome comes later. */
// hot path
export function isOver(outcome: PutOutcome | Promise<PutOutcome>): outcome is PutOutcome {
  return 'kind' in outcome;
}

/** The status by which a client learns how its put ended. */
export function statusOf(outcome: PutOutcome): Eca {
  switch (outcome.kind) {
    case 'done':
      return Eca.normal;
    case 'refused':
      return outcome.reason === 'read-only' || outcome.reason === 'no-access'
        ? Eca.noWriteAccess
        : Eca.putFail;
    case 'failed':
    case 'cancelled':
      return Eca.putFail;
  }
}
