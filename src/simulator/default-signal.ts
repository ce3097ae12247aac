import type { NumericDatatype, Signal, SymbolDefinition } from '../model/index.ts';
import type { Entry } from './process-data.ts';

/** How an input moves unless the chain says otherwise; undefined is an input that rests at 0. */
export function defaultSignal(entry: Entry, ordinal: number): Signal | undefined {
  const { datatype, definition, name } = entry;
  const words = `${definition?.symbol ?? ''} ${name}`.toLowerCase();
  if (datatype.kind === 'string') return undefined;
  if (definition !== undefined && definition.fields.length > 0) return healthy(definition);
  const element = datatype.kind === 'array' ? datatype.element : datatype;
  if (element.kind === 'bool') return { kind: 'toggle', period: 2 + (ordinal % 8) * 0.5 };
  if (/status|underv|overload|\bid\b/.test(words)) return undefined;
  if (/cyclecount|cycle counter/.test(words)) return { kind: 'count', rate: 100 };
  if (/counter/.test(words)) return { kind: 'count', rate: 10 };
  // Distributed clocks count nanoseconds.
  if (/timestamp|starttime|start time|nextsync/.test(words)) return { kind: 'count', rate: 1e9 };
  if (element.kind === 'int' && element.bits < 8) return undefined;
  return analogue(element, definition, ordinal);
}

/** Status words rest at 0, where no bit tells of trouble; some bits tell that all is well. */
function healthy({ fields }: SymbolDefinition): Signal {
  const good = fields.filter(({ description, name }) =>
    /power.ok|ready/i.test(`${description} ${name}`),
  );
  return { kind: 'constant', value: good.reduce((word, { bit }) => word + 2 ** bit, 0) };
}

/** A slow sine in the middle of what the terminal measures, with noise of a few counts. */
function analogue(
  element: NumericDatatype,
  definition: SymbolDefinition | undefined,
  ordinal: number,
): Signal {
  const { low, high, slope } = rangeOf(element, definition);
  const room = isTemperature(definition) ? 2 / Math.abs(slope) : (high - low) * 0.3;
  const mean = isTemperature(definition) ? 22 / slope : (low + high) / 2;
  return {
    kind: 'sine',
    mean,
    amplitude: room,
    period: 5 + (ordinal % 16),
    noise: element.kind === 'float' ? room * 1e-3 : Math.max(1, room * 1e-3),
  };
}

function isTemperature(definition: SymbolDefinition | undefined): boolean {
  return /^(°|deg ?)?C$/i.test(definition?.unit ?? '') && definition?.scale !== undefined;
}

/** Range in raw counts, and engineering units per count. */
function rangeOf(element: NumericDatatype, definition: SymbolDefinition | undefined) {
  const { slope, offset } = definition?.scale ?? { slope: 1, offset: 0 };
  const range = definition?.range;
  if (range !== undefined && slope !== 0) {
    return { low: (range.low - offset) / slope, high: (range.high - offset) / slope, slope };
  }
  if (element.kind !== 'int') return { low: -10, high: 10, slope };
  // Terminals of more than 16 bits rarely use the whole word.
  const bits = Math.min(element.bits, 24);
  return element.signed
    ? { low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1, slope }
    : { low: 0, high: 2 ** bits - 1, slope };
}
