/** PUBACK, PUBREC, PUBREL and PUBCOMP: what they answer was counted, or is our own. */
const ACKNOWLEDGEMENTS = { first: 4, last: 7 } as const;

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

  /**
   * How many packets that ask for something begin in a chunk; undefined when one is too long, or none
   * at all.
   */
  take(chunk: Uint8Array): number | undefined {
    let requests = 0;
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
        if (isRequest(byte >> 4)) requests++;
        this.#begin();
      } else if (!this.#lengthByte(byte)) return undefined;
    }
    return requests;
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

function isRequest(type: number): boolean {
  return type < ACKNOWLEDGEMENTS.first || type > ACKNOWLEDGEMENTS.last;
}
