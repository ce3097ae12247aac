import { describe, expect, it } from 'vitest';
import { Directory, fieldText } from '../../src/pv/index.ts';
import type { RecordSpec, RecordTypeName } from '../../src/records/index.ts';
import { Rig } from '../records/rig.ts';

function textOf(
  type: RecordTypeName,
  fields: NonNullable<RecordSpec['fields']>,
  name: string,
  value: number | bigint | string,
): string {
  const { records } = new Rig();
  records.add({ name: 'S', type, role: 'soft', fields });
  const field = new Directory(records).find(name);
  return field ? fieldText(field, value) : '';
}

// facts/ca.md section 5.1.
describe('fieldText', () => {
  it.each<
    [RecordTypeName, NonNullable<RecordSpec['fields']>, string, number | bigint | string, string]
  >([
    ['ai', { PREC: 2 }, 'S', 1.005, '1.00'],
    ['ai', { PREC: 2 }, 'S.HIHI', 7, '7.00'],
    ['ai', { PREC: 20 }, 'S.HIHI', 7, '  7.000000000000000e+00'.slice(1)],
    ['longin', {}, 'S.SDLY', -1, '-1.000000'],
    ['longin', {}, 'S', -7, '-7'],
    ['int64in', {}, 'S', 9007199254740993n, '9007199254740993'],
    ['bi', { ZNAM: 'off', ONAM: 'on' }, 'S', 1, 'on'],
    ['bi', { ZNAM: 'off', ONAM: 'on' }, 'S', 2, 'Illegal_Value'],
    ['mbbi', { ZRST: 'a', TWST: 'c' }, 'S', 1, ''],
    ['mbbi', { ZRST: 'a' }, 'S', 9, ''],
    ['mbbi', { ZRST: 'a' }, 'S', 65535, 'Illegal Value'],
    ['ai', {}, 'S.SEVR', 2, 'MAJOR'],
    ['ai', {}, 'S.SSCN', 65535, '65535'],
    ['ai', {}, 'S.DTYP', 0, 'Soft Channel'],
    ['ai', {}, 'S.DTYP', 99, ''],
    ['ai', {}, 'S.EGU', 'mm', 'mm'],
  ])('%s with %o: %s = %s is "%s"', (type, fields, name, value, text) => {
    expect(textOf(type, fields, name, value)).toBe(text);
  });
});
