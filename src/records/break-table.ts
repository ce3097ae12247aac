/** A conversion by straight pieces between points, for LINR; beyond its ends the outer pieces go on. */
export class BreakTable {
  readonly name: string;
  readonly #raw: Float64Array;
  readonly #engineering: Float64Array;

  /** At least two points; both values rise or fall from one to the next. */
  constructor(
    name: string,
    points: readonly { readonly raw: number; readonly engineering: number }[],
  ) {
    this.name = name;
    this.#raw = Float64Array.from(points, ({ raw }) => raw);
    this.#engineering = Float64Array.from(points, ({ engineering }) => engineering);
  }

  /** Whether a raw value lies between the ends. */
  coversRaw(raw: number): boolean {
    return isBetweenEnds(this.#raw, raw);
  }

  /** Whether an engineering value lies between the ends. */
  coversEngineering(value: number): boolean {
    return isBetweenEnds(this.#engineering, value);
  }

  engineering(raw: number): number {
    return along(this.#raw, this.#engineering, raw);
  }

  raw(engineering: number): number {
    return along(this.#engineering, this.#raw, engineering);
  }
}

/** NaN is nowhere, and beyond no end. */
function isBetweenEnds(axis: Float64Array, x: number): boolean {
  const [first = 0] = axis;
  const last = axis.at(-1) ?? 0;
  return !(x < Math.min(first, last) || x > Math.max(first, last));
}

function along(from: Float64Array, to: Float64Array, x: number): number {
  const i = pieceOf(from, x);
  const [x0 = 0, x1 = 0] = from.subarray(i, i + 2);
  const [y0 = 0, y1 = 0] = to.subarray(i, i + 2);
  return y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}

/** The piece in which a value lies, the outer ones without end. */
function pieceOf(axis: Float64Array, x: number): number {
  const isFalling = (axis.at(-1) ?? 0) < (axis[0] ?? 0);
  let low = 0;
  let high = axis.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const point = axis[middle] ?? 0;
    const isBeyond = isFalling ? x < point : x > point;
    if (isBeyond) low = middle;
    else high = middle - 1;
  }
  return low;
}
