/** Numbers that break things. */
const WORDS = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** Deterministic: the same seed breaks the same bytes. */
export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** One to four mutations of a copy. */
  mutate(seed: Uint8Array): Uint8Array<ArrayBuffer> {
    let bytes = Uint8Array.from(seed);
    for (let left = 1 + this.#below(4); left > 0; left--) bytes = this.#once(bytes);
    return bytes;
  }

  #once(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const at = this.#below(bytes.length + 1);
    switch (this.#below(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#below(8));
        return bytes;
      case 1:
        bytes.fill(this.#below(256), at, at + 1);
        return bytes;
      case 2: {
        const width = [1, 2, 4][this.#below(3)] ?? 1;
        const word = this.#below(3) === 0 ? bytes.length : (WORDS[this.#below(WORDS.length)] ?? 0);
        for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = word >>> (8 * i);
        return bytes;
      }
      case 3:
        return bytes.slice(0, at);
      case 4: {
        const part = bytes.slice(at, at + this.#below(64));
        return Uint8Array.from([...bytes.subarray(0, at), ...part, ...bytes.subarray(at)]);
      }
      default:
        return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + this.#below(16))]);
    }
  }

  /** A whole number from 0 to `limit` - 1 (mulberry32). */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }
}
