/** Menu values of SELM of a sel record. */
export const SignalChoice = { specified: 0, high: 1, low: 2, median: 3 } as const;

/** What a sel record makes of its inputs. */
export interface SelectedSignal {
  readonly value: number;
  /** SELN: which input it is; of the median, how many inputs count. */
  readonly number: number;
}

/**
 * Selects one of a few signals, of which those that are NaN do not count. Undefined where the number
 * of a specified one is that of no signal, or SELM is none.
 */
export function selectSignal(
  signals: Float64Array,
  choice: number,
  number: number,
): SelectedSignal | undefined {
  switch (choice) {
    case SignalChoice.specified:
      return number < signals.length ? { value: signals[number] ?? 0, number } : undefined;
    case SignalChoice.high:
      return extreme(signals, -Infinity, number, (best, signal) => best < signal);
    case SignalChoice.low:
      return extreme(signals, Infinity, number, (best, signal) => best > signal);
    case SignalChoice.median: {
      const known = signals.filter((signal) => !Number.isNaN(signal)).sort();
      return { value: known[known.length >> 1] ?? Number.NaN, number: known.length };
    }
    default:
      return undefined;
  }
}

function extreme(
  signals: Float64Array,
  start: number,
  before: number,
  isBetter: (best: number, signal: number) => boolean,
): SelectedSignal {
  let value = start;
  let number = before;
  signals.forEach((signal, index) => {
    if (!isBetter(value, signal)) return;
    value = signal;
    number = index;
  });
  return { value, number };
}
