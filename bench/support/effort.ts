/** How much work a run does. */
export interface Effort {
  /** Repetitions of which the table shows least, median and most. */
  readonly repetitions: number;
  /** Share of the full number of operations. */
  readonly scale: number;
}

export const fullEffort: Effort = { repetitions: 3, scale: 1 };
/** To see that everything works; the figures are not to be trusted. */
export const quickEffort: Effort = { repetitions: 1, scale: 0.1 };

/** Runs `once` a first time for the compiler, without looking, then as often as the effort says. */
export async function repeated<T>(
  { repetitions }: Effort,
  once: () => Promise<T>,
  warmUps = 1,
): Promise<T[]> {
  for (let i = 0; i < warmUps; i++) await once();
  const results: T[] = [];
  for (let i = 0; i < repetitions; i++) results.push(await once());
  return results;
}

/** A full number of operations, scaled and rounded up to whole `steps`. */
export function scaled({ scale }: Effort, operations: number, step: number): number {
  return Math.max(1, Math.round((operations * scale) / step)) * step;
}
