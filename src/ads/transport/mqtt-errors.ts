import { IocError, messageOf } from '../../kernel/index.ts';

export function tooSlow(peer: string, timeoutMs: number): IocError {
  const text = `Connect to ${peer}: no answer within ${timeoutMs} ms: is the broker reachable?`;
  return new IocError('ads/connect', text);
}

export function refusedBy(peer: string, cause: unknown): IocError {
  const text = `Connect to ${peer}: ${messageOf(cause ?? 'closed by the broker')}`;
  return new IocError('ads/connect', text, { cause });
}

export function notAllowed(peer: string, filters: string, cause: unknown): IocError {
  const text = `Subscribe to ${filters} on ${peer} refused: does the broker's ACL allow it?`;
  return new IocError('ads/connect', text, { cause });
}
