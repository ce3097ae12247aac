import { readBytes, readState } from '../../ads/index.ts';
import type { Link } from '../link.ts';
import type { AdsLink } from './ads-link.ts';
import type { Found } from './found.ts';

/** The bytes of what a link leads to. Rejects with an AdsError for what the server refuses. */
export async function readFound(
  { client, signal }: Link,
  { target, group, offset, length }: Found,
  { item }: AdsLink,
): Promise<Uint8Array> {
  if (item.kind !== 'state') {
    return readBytes(client, target, { group, offset, length }, signal);
  }
  const { adsState } = await client.invoke(readState, target, undefined, {}, signal);
  return Uint8Array.of(adsState, adsState >>> 8);
}
