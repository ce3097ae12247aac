import { IocError } from '../kernel/index.ts';
import { AdsError, AdsErrorCode } from './ads-error.ts';
import { adsErrorText } from './error-code.ts';
import type { TransportEnd } from './transport/transport.ts';

/** The server said no. */
export function refused(what: string, result: number): AdsError {
  return new AdsError('ads/refused', result, `${what} refused: ${adsErrorText(result)}`);
}

/** A router could not bring it to the server. */
export function undelivered(what: string, errorCode: number): AdsError {
  const text = `${what} not delivered: ${adsErrorText(errorCode)}`;
  return new AdsError('ads/undelivered', errorCode, text);
}

/** Nobody answered in time; `advice` says what else is known. */
export function unanswered(what: string, timeoutMs: number, advice: string): AdsError {
  const text = `${what} got no answer within ${timeoutMs} ms${advice}`;
  return new AdsError('ads/timeout', AdsErrorCode.noAnswer, text);
}

export function busy(what: string, waiting: number): IocError {
  return new IocError('ads/busy', `${what} not sent: ${waiting} requests wait already`);
}

/** The connection ended before the answer came. */
export function ended(what: string, peer: string, end: TransportEnd, advice: string): IocError {
  switch (end.kind) {
    case 'closed':
      return new IocError('ads/ended', `${what}: connection to ${peer} is closed`);
    case 'lost': {
      const text = `${what}: connection to ${peer} lost: ${end.reason}${advice}`;
      return new IocError('ads/ended', text, { cause: end.cause });
    }
  }
}
