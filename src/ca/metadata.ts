import { type Metadata, type ReadableField, toFloat } from '../pv/index.ts';
import { Base, baseOf, Family, familyOf } from './dbr.ts';
import { toInt32 } from './number.ts';
import type { Output } from './output.ts';
import { writeText } from './text.ts';

const UNITS_BYTES = 8;
const STATE_BYTES = 26;
const MOST_STATES = 16;

/** Writes the six limits of GR, and the two more of CTRL, and says where the value begins. */
type LimitWriter = (view: DataView, at: number, limit: number) => void;

/**
 * Writes units, precision and limits, or state names, of GR and CTRL types at `at`: what stands
 * between severity and value (layouts: facts/ca.md section 3). The room was zeroed before.
 */
export function writeMetadata(out: Output, at: number, type: number, field: ReadableField): void {
  const metadata = field.metadata();
  const base = baseOf(type);
  if (base === Base.enum) writeStates(out, at + 4, metadata.labels);
  else if (base !== Base.string) writeGraphics(out, at + 4, type, field, metadata);
}

function writeGraphics(
  out: Output,
  at: number,
  type: number,
  field: ReadableField,
  metadata: Metadata,
): void {
  const base = baseOf(type);
  let p = at;
  if (base === Base.float || base === Base.double) {
    const isFloat = field.type === 'DOUBLE' || field.type === 'FLOAT';
    out.view.setInt16(p, isFloat ? metadata.precision : 0);
    p += 4;
  }
  writeText(out.bytes, p, UNITS_BYTES - 1, metadata.units);
  writeLimits(out.view, p + UNITS_BYTES, base, limitsOf(metadata, familyOf(type)));
}

/** Limits in wire order (facts/ca.md section 3). */
function limitsOf({ display, alarm, control }: Metadata, family: Family): number[] {
  const graphic = [display.high, display.low, alarm.hihi, alarm.high, alarm.low, alarm.lolo];
  return family === Family.ctrl ? [...graphic, control.high, control.low] : graphic;
}

function writeLimits(view: DataView, at: number, base: Base, limits: readonly number[]): void {
  const [size, write] = limitWriters[base];
  limits.forEach((limit, i) => {
    write(view, at + i * size, limit);
  });
}

const limitWriters: Readonly<Record<Base, readonly [size: number, write: LimitWriter]>> = {
  [Base.string]: [0, () => {}],
  [Base.enum]: [0, () => {}],
  [Base.double]: [8, (view, at, limit) => view.setFloat64(at, limit)],
  [Base.float]: [4, (view, at, limit) => view.setFloat32(at, toFloat(limit))],
  [Base.long]: [4, (view, at, limit) => view.setInt32(at, wholeLimit(limit))],
  [Base.short]: [2, (view, at, limit) => view.setInt16(at, wholeLimit(limit))],
  [Base.char]: [1, (view, at, limit) => view.setUint8(at, wholeLimit(limit))],
};

/** A limit that the record does not have is 0 in integer types. */
function wholeLimit(limit: number): number {
  return Number.isFinite(limit) ? toInt32(limit, true) : 0;
}

/** Number of states, then sixteen names of 26 bytes, which need no NUL when full. */
function writeStates(out: Output, at: number, labels: readonly string[]): void {
  const count = Math.min(labels.length, MOST_STATES);
  out.view.setInt16(at, count);
  for (let i = 0; i < count; i++) {
    writeText(out.bytes, at + 2 + i * STATE_BYTES, STATE_BYTES, labels[i] ?? '');
  }
}
