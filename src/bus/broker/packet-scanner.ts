const PUBLISH = 3;

/** What is known of a packet at the end of a chunk. */
type Place = 'header' | 'length' | 'body';

/**
 * Follows the packets of a byte stream without keeping any: MQTT 3.1.1, section 2.2: a byte with the
 * type, then the remaining length in one to four bytes of seven bits.
 */
export class PacketScanner {
  readonly #maxBytes: number;
  #place: Place = 'header';
  #length = 0;
  #shift = 0;
  /** Bytes of the body that are still to come. */
  #rest = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many messages begin in a chunk; undefined when a packet is too long, or none at all. */
  take(chunk: Uint8Array): number | undefined {
    let messages = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#place === 'body') {
        const step = Math.min(this.#rest, chunk.length - at);
        at += step;
        this.#rest -= step;
        if (this.#rest === 0) this.#place = 'header';
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (this.#place === 'header') {
        if (byte >> 4 === PUBLISH) messages++;
        this.#begin();
      } else if (!this.#lengthByte(byte)) return undefined;
    }
    return messages;
  }

  #begin(): void {
    this.#place = 'length';
    this.#length = 0;
    this.#shift = 0;
  }

  #lengthByte(byte: number): boolean {
    this.#length += (byte & 0x7f) * 2 ** this.#shift;
    this.#shift += 7;
    const hasMore = (byte & 0x80) !== 0;
    if (this.#length > this.#maxBytes || (hasMore && this.#shift > 21)) return false;
    if (hasMore) return true;
    this.#rest = this.#length;
    this.#place = this.#rest === 0 ? 'header' : 'body';
    return true;
  }
}
