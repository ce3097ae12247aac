import { Reader } from '../kernel/index.ts';
import { type AmsAddress, amsAddress } from './ams.ts';
import { HeaderAt } from './ams-header.ts';

const LIMIT = 64;
const SIZE = 8;

/**
 * The source addresses of packets, made once each: the same sender gives the same object, so
 * receivers of notification frames may compare by identity as long as there are few senders.
 */
export class SourceCache {
  readonly #known: { readonly bytes: Uint8Array; readonly address: AmsAddress }[] = [];

  of(packet: Uint8Array): AmsAddress {
    for (const entry of this.#known) if (same(entry.bytes, packet)) return entry.address;
    const bytes = packet.slice(HeaderAt.source, HeaderAt.source + SIZE);
    const address = amsAddress.decode(new Reader(bytes));
    // A peer that invents senders must not fill memory.
    if (this.#known.length === LIMIT) this.#known.shift();
    this.#known.push({ bytes, address });
    return address;
  }
}

function same(bytes: Uint8Array, packet: Uint8Array): boolean {
  for (let i = 0; i < SIZE; i++) if (bytes[i] !== packet[HeaderAt.source + i]) return false;
  return true;
}
