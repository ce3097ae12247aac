import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './refusal.ts';

/** Refuses a request that does not bring the token, in a time that does not tell how wrong it is. */
export function checkToken({ headers }: IncomingMessage, token: string | undefined): void {
  if (token === undefined) return;
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new HttpRefusal(401, 'give the token of the service: Authorization: Bearer …', {
    'www-authenticate': 'Bearer',
  });
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
