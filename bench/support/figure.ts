/** One measured quantity: the same thing several times. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  /** Upper bound that the project aims at. */
  readonly target?: number;
  /** What a peer needs: measured in this run, or quoted with its source. */
  readonly note?: string;
}

export type Unit =
  | 'ms'
  | 'CPU-s/M'
  | 'M/s'
  | 'k/s'
  | 'MB/s'
  | 'µs'
  | 'MB'
  | 'count'
  | '% core'
  | '× peer'
  | '%';

/** CPU-seconds and seconds that a number of operations took. */
export interface Cost {
  readonly operations: number;
  readonly cpu: number;
  readonly wall: number;
}

/** CPU-seconds per million operations, which are microseconds per operation. */
export function cpuPerMillion({ cpu, operations }: Cost): number {
  return (cpu / operations) * 1e6;
}

export function perSecond({ wall, operations }: Cost, unit: 'M/s' | 'k/s'): number {
  return operations / wall / (unit === 'M/s' ? 1e6 : 1e3);
}

/** The two figures of every operation: what it costs, and how many a second there were. */
export function costFigures(
  name: string,
  costs: readonly Cost[],
  rate: 'M/s' | 'k/s',
  more: Pick<Figure, 'target' | 'note'> = {},
): Figure[] {
  return [
    { name, unit: 'CPU-s/M', samples: costs.map(cpuPerMillion), ...more },
    { name, unit: rate, samples: costs.map((cost) => perSecond(cost, rate)) },
  ];
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The sample below which `share` of them lie. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
