import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { column, derived } from '../access/cells.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { Compression, type CompressionRule } from '../algorithms/compression.ts';
import { Ring } from '../algorithms/ring.ts';
import { asRow } from '../array.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { settled } from '../engine/steps.ts';
import { EventMask } from '../event.ts';
import { recordType } from '../field-table.ts';

interface Own {
  readonly ring: Ring;
  readonly compression: Compression;
  /** INPN: most elements of what INP leads to. */
  count: number;
}

/** Value of BALG. */
const LIFO = 1;
/** Fields whose change begins everything anew. */
const resetting = new Set(['RES', 'ALG', 'PBUF', 'BALG', 'N']);

/** Keeps values over time, or fewer of them: averages, extremes, medians of N. */
export const compress = recordType({
  name: 'compress',
  kind: 'array',
  access: {
    VAL: derived((c, slot) => ownOf(c, slot).ring.read()),
    NUSE: derived((c, slot) => ownOf(c, slot).ring.used),
    OUSE: derived((c, slot) => ownOf(c, slot).ring.used),
    OFF: derived((c, slot) => ownOf(c, slot).ring.offset),
    INX: derived((c, slot) => ownOf(c, slot).compression.taken),
    CVB: derived((c, slot) => ownOf(c, slot).compression.value),
    INPN: derived((c, slot) => ownOf(c, slot).count),
    HOPR: column((c) => c.hopr),
    LOPR: column((c) => c.lopr),
  },
  shape: (c, slot) => ({ type: 'DOUBLE', maxCount: ownOf(c, slot).ring.size, size: 0 }),
  init: ({ columns }, slot) => reset(columns, slot),
  process(engine, slot) {
    const { columns: c } = engine;
    if (!take(engine, slot, ownOf(c, slot))) return 'silent';
    c.set(slot, Flag.udf, false);
    engine.stamp(slot);
    settled(engine, slot, settle);
    return 'done';
  },
  changed({ columns }, slot, field) {
    if (resetting.has(field)) reset(columns, slot);
    if (field === 'VAL') append(columns, slot);
  },
  metadata(c, slot, field) {
    const range = { low: c.lopr[slot] ?? 0, high: c.hopr[slot] ?? 0 };
    const units = String(c.stored(slot, 'EGU') ?? '');
    if (field === 'CVB') return { units };
    return field === 'IHIL' || field === 'ILIL'
      ? { units, display: range, control: range }
      : undefined;
  },
});

const inp = compress.common.inp;

function ownOf(c: Columns, slot: Slot): Own {
  const size = Math.max(c.storedNumber(slot, 'NSAM', 1), 1);
  const own = c.own[slot] as Own | undefined;
  if (own?.ring.size === size) return own;
  const ring = new Ring(size);
  const made = { ring, compression: new Compression(ring), count: 0 };
  c.own[slot] = made;
  return made;
}

function reset(c: Columns, slot: Slot): void {
  const { ring, compression } = ownOf(c, slot);
  compression.reset();
  ring.isLifo = c.storedNumber(slot, 'BALG') === LIFO;
  c.store(slot, 'RES', undefined);
}

/** What was put to VAL is appended; it lies where other records have their row. */
function append(c: Columns, slot: Slot): void {
  const { ring } = ownOf(c, slot);
  for (const value of c.array[slot] ?? []) ring.push(Number(value));
  c.array[slot] = undefined;
}

/** Reads INP; true when there is something to tell: a value, or that there is none. */
function take(engine: Engine, slot: Slot, own: Own): boolean {
  const link = engine.link(slot, inp);
  const count = link && !link.isConstant && link.isConnected ? link.count : 0;
  const value = count > 0 ? engine.value(slot, inp, 'DOUBLE', count) : null;
  if (count !== own.count && count > 0) {
    if (own.count > 0) reset(engine.columns, slot);
    own.count = count;
  }
  const row = Float64Array.from(asRow(value ?? []), Number);
  if (row.length > 0) return own.compression.take(row, ruleOf(engine.columns, slot));
  engine.raise(slot, AlarmStatus.link, Severity.invalid, 'field INP');
  return true;
}

function ruleOf(c: Columns, slot: Slot): CompressionRule {
  return {
    algorithm: c.storedNumber(slot, 'ALG'),
    samples: Math.max(c.storedNumber(slot, 'N', 1), 1),
    isPartial: c.storedNumber(slot, 'PBUF') !== 0,
    least: c.storedNumber(slot, 'ILIL'),
    most: c.storedNumber(slot, 'IHIL'),
  };
}

function settle(c: Columns, slot: Slot, pending: Pending): void {
  c.post(slot, settleAlarm(c, slot, pending) | EventMask.value | EventMask.log);
}
