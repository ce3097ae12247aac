import { type EnumLabel, int } from '../../model/index.ts';
import { type DeviceRecord, type RecordTable, recordSpecs } from '../../records/index.ts';

/** Gives an mbbi or mbbo the names of an enumeration of the plant, unless it has names of its own. */
export function nameStates(
  records: RecordTable,
  { slot, type, field }: DeviceRecord,
  labels: readonly EnumLabel[],
): void {
  if (type !== 'mbbi' && type !== 'mbbo') return;
  if (field('ZRST') !== '' || field('ONST') !== '' || field('ZRVL') !== 0) return;
  const datatype = int(32, false);
  const enumerated = {
    name: '',
    description: '',
    datatype,
    access: 'r',
    source: 0,
    labels,
  } as const;
  const { value } = recordSpecs(enumerated, { pv: '' });
  // More than sixteen, or negative ones, are no states.
  if (value.type !== 'mbbi') return;
  for (const [name, text] of Object.entries(value.fields ?? {})) {
    if (name !== 'DESC') records.configure(slot, name, text);
  }
}
