import { type ReadableField, toFloat } from '../pv/index.ts';
import { Base, Family } from './dbr.ts';
import { toInt32 } from './number.ts';

/** Whether a field as this type and count is read straight from the hot columns. */
export function isColumnValue(field: ReadableField, type: number, count: number): boolean {
  return field.isColumn && count <= 1 && type < Family.gr * 7 && type % 7 !== Base.string;
}

/**
 * Writes status, severity, time and one number as plain, STS or TIME type into `view` at `at`,
 * pads included (layouts: facts/ca.md section 3).
 */
// hot path
export function writeColumnValue(
  view: DataView,
  at: number,
  type: number,
  value: number,
  isFloat: boolean,
  status: number,
  severity: number,
  seconds: number,
  nanoseconds: number,
): void {
  let p = at;
  if (type >= 7) {
    view.setUint32(p, (status << 16) | severity);
    p += 4;
    if (type >= 14) {
      view.setUint32(p, seconds);
      view.setUint32(p + 4, nanoseconds);
      p += 8;
    }
  }
  switch (type) {
    case 13:
    case 20:
      view.setUint32(p, 0);
      view.setFloat64(p + 4, value);
      return;
    case 6:
      view.setFloat64(p, value);
      return;
    case 2:
    case 9:
    case 16:
      view.setFloat32(p, toFloat(value));
      return;
    case 5:
    case 12:
    case 19:
      view.setInt32(p, toInt32(value, isFloat));
      return;
    case 15:
    case 17:
      view.setUint32(p, toInt32(value, isFloat) & 0xffff);
      return;
    case 1:
    case 3:
    case 8:
    case 10:
      view.setInt16(p, toInt32(value, isFloat));
      return;
    case 18:
      view.setUint32(p, toInt32(value, isFloat) & 0xff);
      return;
    case 11:
      view.setUint16(p, toInt32(value, isFloat) & 0xff);
      return;
    case 4:
      view.setUint8(p, toInt32(value, isFloat));
      return;
  }
}
