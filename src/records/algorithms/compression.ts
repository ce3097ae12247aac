import type { Ring } from './ring.ts';

/** Menu values of ALG. */
export const CompressAlgorithm = {
  low: 0,
  high: 1,
  mean: 2,
  /** Of whole rows, element by element. */
  meanOfRows: 3,
  circular: 4,
  median: 5,
} as const;

/** What the fields of a compress record ask for. */
export interface CompressionRule {
  readonly algorithm: number;
  /** N, at least 1. */
  readonly samples: number;
  /** PBUF: values of fewer than N samples count too. */
  readonly isPartial: boolean;
  /** ILIL and IHIL: values outside are passed over while the former is below the latter. */
  readonly least: number;
  readonly most: number;
}

/** Compresses what a record reads into its buffer; remembers what is not yet a value. */
export class Compression {
  readonly #ring: Ring;
  /** INX: samples, or rows, since the last value. */
  #taken = 0;
  /** CVB: the value so far, of scalars. */
  #value = 0;
  #sums = new Float64Array(0);

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  get taken(): number {
    return this.#taken;
  }

  get value(): number {
    return this.#value;
  }

  /** Forgets everything; RES. */
  reset(): void {
    this.#ring.clear();
    this.#taken = 0;
    this.#value = 0;
    this.#sums.fill(0);
  }

  /** Takes a row of one or more values; true when the buffer has something new. */
  take(source: Float64Array, rule: CompressionRule): boolean {
    switch (rule.algorithm) {
      case CompressAlgorithm.meanOfRows:
        return this.#addRow(source, rule);
      case CompressAlgorithm.circular:
        for (const value of source) this.#ring.push(value);
        return true;
      default:
        return source.length > 1
          ? this.#takeRow(source, rule)
          : this.#takeOne(source[0] ?? 0, rule);
    }
  }

  /** Groups of N elements become a value each, of at most so many groups as the buffer holds. */
  #takeRow(source: Float64Array, { algorithm, samples, isPartial, least, most }: CompressionRule) {
    let at = 0;
    if (least < most) {
      while (at < source.length && ((source[at] ?? 0) < least || (source[at] ?? 0) > most)) at++;
    }
    const end = Math.min(source.length, at + this.#ring.size * samples);
    const start = at;
    while (at < end && (isPartial || end - at >= samples)) {
      this.#ring.push(valueOfGroup(source.subarray(at, Math.min(at + samples, end)), algorithm));
      at += samples;
    }
    return at > start;
  }

  #takeOne(sample: number, { algorithm, samples, isPartial }: CompressionRule): boolean {
    const before = this.#taken++;
    switch (algorithm) {
      case CompressAlgorithm.low:
        if (before === 0 || sample < this.#value) this.#value = sample;
        break;
      case CompressAlgorithm.high:
        if (before === 0 || sample > this.#value) this.#value = sample;
        break;
      default:
        // The mean, also where the median is asked for: single samples are not kept.
        this.#value = (before * this.#value + sample) / (before + 1);
    }
    const isComplete = this.#taken >= samples;
    if (isComplete) this.#taken = 0;
    if (!isComplete && !isPartial) return false;
    this.#ring.push(this.#value);
    return true;
  }

  #addRow(source: Float64Array, { samples }: CompressionRule): boolean {
    const { size } = this.#ring;
    if (this.#sums.length !== size) this.#sums = new Float64Array(size);
    const count = Math.min(size, source.length);
    for (let i = 0; i < count; i++) {
      this.#sums[i] = (this.#taken === 0 ? 0 : (this.#sums[i] ?? 0)) + (source[i] ?? 0);
    }
    if (++this.#taken < samples) return false;
    // As base: a product with the reciprocal.
    const factor = 1 / samples;
    for (let i = 0; i < count; i++) {
      this.#ring.push(samples > 1 ? (this.#sums[i] ?? 0) * factor : (this.#sums[i] ?? 0));
    }
    this.#taken = 0;
    return true;
  }
}

function valueOfGroup(group: Float64Array, algorithm: number): number {
  const [first = 0] = group;
  switch (algorithm) {
    case CompressAlgorithm.low:
      return group.reduce((least, value) => (least > value ? value : least), first);
    case CompressAlgorithm.high:
      return group.reduce((most, value) => (most < value ? value : most), first);
    case CompressAlgorithm.median:
      return group.toSorted()[group.length >> 1] ?? 0;
    default:
      return group.reduce((sum, value) => sum + value, 0) / group.length;
  }
}
