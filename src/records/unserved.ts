import type { Row } from './array.ts';
import type { Columns, FieldValue } from './columns.ts';
import type { FieldType } from './field-type.ts';
import type { RecordField } from './record-field.ts';
import type { RecordTypeName } from './record-type.ts';

/** Fields of what this IOC does not do; a record that promised otherwise would lie. */
const reasons: Readonly<Record<string, string>> = {
  SCAN: 'records are processed by the plant or by puts',
  PHAS: 'records are not scanned',
  EVNT: 'records are not scanned',
  PINI: 'records are not processed at start',
  TSE: 'the source of the time stamp is fixed',
  DTYP: 'device support is fixed when the record is made',
  SIMM: 'records have no simulation mode',
  SSCN: 'records have no simulation mode',
  SDLY: 'records have no simulation mode',
  OMSL: 'setpoints are not driven by links',
  OIF: 'setpoints are always full',
  OROC: 'the rate of change is not limited',
  SMOO: 'values are not smoothed',
  AFTC: 'alarms are not filtered',
  IVOA: 'invalid outputs are always written',
  OOPT: 'outputs are written every time',
  SHFT: 'raw values are not shifted',
  TPRO: 'processing is not traced',
  MASK: 'raw values are not masked',
};

/** Why a field cannot take a value that it has not already; undefined when it can. */
export function unserved(
  c: Columns,
  { definition, record, slot, type }: RecordField,
  value: FieldValue | Row,
): string | undefined {
  const { name } = definition;
  const reason = reasonOf(record.name, name, type, value);
  return reason === undefined || value === definition.access.read(c, slot) ? undefined : reason;
}

function reasonOf(
  record: RecordTypeName,
  field: string,
  type: FieldType,
  value: FieldValue | Row,
): string | undefined {
  if (type.endsWith('LINK')) return 'this IOC has no database links';
  if (record === 'bo' && field === 'HIGH') return 'outputs are not momentary';
  // Beyond SLOPE and LINEAR come thermocouple tables.
  if (field === 'LINR' && Number(value) > 2) return 'there are no conversion tables';
  return reasons[field];
}
