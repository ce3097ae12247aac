import type { Metadata, PvValue } from '../../pv/index.ts';
import { Base, baseOf, Dbr, elementSize, Family, familyOf, valueOffset } from '../dbr.ts';
import { fixedText, numberAt, numbersAt } from '../written-value.ts';
import { readMetadata } from './read-metadata.ts';

const STRING_BYTES = 40;

/** A value as a server told it. */
export interface Reading {
  /** DBR type. */
  readonly type: number;
  readonly count: number;
  /** A scalar of a channel that has one element at most, else a row. */
  readonly value: PvValue;
  /** Of types that carry them; 0 else. */
  readonly status: number;
  readonly severity: number;
  /** EPICS time. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Of GR and CTRL types. */
  readonly metadata: Metadata | undefined;
}

/** Where a value lies in received bytes. */
export interface Payload {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly payloadAt: number;
  readonly size: number;
}

/**
 * Reads a value of a DBR type (layouts: facts/ca.md section 3); what it holds is its own. Undefined
 * when the payload is shorter than type and count say.
 */
export function readingOf(
  payload: Payload,
  type: number,
  count: number,
  scalar: boolean,
): Reading | undefined {
  const { view, payloadAt: at, size } = payload;
  const offset = valueOffset[type];
  if (offset === undefined || size < offset + bytesOf(type, count)) return undefined;
  const family = familyOf(type);
  const hasAlarm = family !== Family.plain && type !== Dbr.className;
  const hasTime = family === Family.time;
  return {
    ...{ type, count, value: valueAt(payload, at + offset, type, count, scalar) },
    status: hasAlarm ? view.getUint16(at) : 0,
    severity: hasAlarm ? view.getUint16(at + 2) : 0,
    seconds: hasTime ? view.getUint32(at + 4) : 0,
    nanoseconds: hasTime ? view.getUint32(at + 8) : 0,
    metadata: readMetadata(payload, type),
  };
}

/** A single text may be sent as long as it is; its last bytes are padding then. */
function bytesOf(type: number, count: number): number {
  if (baseOf(type) === Base.string && count === 1) return 1;
  return count * (elementSize[type] ?? 0);
}

function valueAt(
  { bytes, view, payloadAt, size }: Payload,
  from: number,
  type: number,
  count: number,
  scalar: boolean,
): PvValue {
  const base = baseOf(type);
  const one = scalar && count === 1;
  if (base !== Base.string) {
    return one ? numberAt(view, from, base) : numbersAt(bytes, from, base, count);
  }
  const end = payloadAt + size;
  const texts = Array.from({ length: count }, (_, i) => {
    const start = from + i * STRING_BYTES;
    return fixedText(bytes, start, Math.min(start + STRING_BYTES, end));
  });
  return one ? (texts[0] ?? '') : texts;
}
