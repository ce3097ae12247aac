import type { Metadata } from '../../pv/index.ts';
import { Base, baseOf, Family, familyOf } from '../dbr.ts';
import { fixedText, numberAt } from '../written-value.ts';
import type { Payload } from './reading.ts';

const UNITS_BYTES = 8;
const STATE_BYTES = 26;
const MOST_STATES = 16;

const none: Metadata = {
  units: '',
  precision: 0,
  display: { low: 0, high: 0 },
  control: { low: 0, high: 0 },
  alarm: { lolo: Number.NaN, low: Number.NaN, high: Number.NaN, hihi: Number.NaN },
  labels: [],
};

/** Units, precision, limits and state names of GR and CTRL types (facts/ca.md section 3). */
export function readMetadata(payload: Payload, type: number): Metadata | undefined {
  const family = familyOf(type);
  if (family !== Family.gr && family !== Family.ctrl) return undefined;
  const base = baseOf(type);
  if (base === Base.string) return undefined;
  const at = payload.payloadAt + 4;
  if (base === Base.enum) return { ...none, labels: readLabels(payload, at) };
  const isReal = base === Base.float || base === Base.double;
  const unitsAt = isReal ? at + 4 : at;
  return {
    ...none,
    precision: isReal ? payload.view.getInt16(at) : 0,
    units: fixedText(payload.bytes, unitsAt, unitsAt + UNITS_BYTES),
    ...readLimits(payload.view, unitsAt + UNITS_BYTES, base, family === Family.ctrl),
  };
}

const limitBytes: Readonly<Record<Base, number>> = {
  [Base.string]: 0,
  [Base.short]: 2,
  [Base.float]: 4,
  [Base.enum]: 0,
  [Base.char]: 1,
  [Base.long]: 4,
  [Base.double]: 8,
};

/** In wire order: display, alarm, and of CTRL types control limits, the upper ones first. */
function readLimits(view: DataView, at: number, base: Base, hasControl: boolean) {
  const limit = (i: number) => numberAt(view, at + i * limitBytes[base], base);
  const display = { high: limit(0), low: limit(1) };
  return {
    display,
    alarm: { hihi: limit(2), high: limit(3), low: limit(4), lolo: limit(5) },
    control: hasControl ? { high: limit(6), low: limit(7) } : none.control,
  };
}

function readLabels({ bytes, view }: Payload, at: number): string[] {
  const count = Math.max(0, Math.min(view.getInt16(at), MOST_STATES));
  return Array.from({ length: count }, (_, i) => {
    const start = at + 2 + i * STATE_BYTES;
    return fixedText(bytes, start, start + STATE_BYTES);
  });
}
