import {
  type AdsClient,
  AdsError,
  type AmsAddress,
  formatAddress,
  formatPlace,
  type Place,
  readBytes,
} from '../ads/index.ts';
import { type Codec, cp1252Text, decoded, type Reader } from '../kernel/index.ts';

/** Reads structs and texts from one ADS server. */
export class PlantReader {
  readonly #client: AdsClient;
  readonly target: AmsAddress;

  constructor(client: AdsClient, target: AmsAddress) {
    this.#client = client;
    this.target = target;
  }

  /** One struct; throws MalformedFrame when the answer is too short for it. */
  async struct<T>(codec: Codec<T>, place: Place, signal?: AbortSignal): Promise<T> {
    const bytes = await readBytes(this.#client, this.target, place, signal);
    return decoded(codec, bytes, `${formatPlace(place)} of ${formatAddress(this.target)}`);
  }

  /**
   * Text up to its NUL, of at most `place.length` bytes; a server that refuses such a length is
   * asked for `shorter`, if given.
   */
  async text(place: Place, shorter?: number, signal?: AbortSignal): Promise<string> {
    try {
      return cp1252Text(await readBytes(this.#client, this.target, place, signal));
    } catch (error) {
      const refused = error instanceof AdsError && error.code === 'ads/refused';
      if (!refused || shorter === undefined) throw error;
      return this.text({ ...place, length: shorter }, undefined, signal);
    }
  }
}

/** `count` structs, one after the other. */
export function listOf<T>(codec: Codec<T>, count: number): Codec<T[]> {
  return {
    encode: (w, values) => {
      for (const value of values) codec.encode(w, value);
    },
    decode: (r) => Array.from({ length: count }, () => codec.decode(r)),
  };
}

export const u16: Codec<number> = { encode: (w, n) => w.u16(n), decode: (r: Reader) => r.u16() };
export const u32: Codec<number> = { encode: (w, n) => w.u32(n), decode: (r: Reader) => r.u32() };
