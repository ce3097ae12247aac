import type { Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';
import type { FieldDefinition } from './field-table.ts';
import type { FieldType } from './field-type.ts';
import type { RecordType } from './record-type.ts';
import { recordTypeOf } from './registry.ts';

/** A field of one record, with the type and size that the record gave it. */
export interface RecordField {
  readonly record: RecordType;
  readonly slot: Slot;
  readonly definition: FieldDefinition;
  readonly type: FieldType;
  readonly maxCount: number;
  /** Bytes of a text with its NUL; 0 for other types. */
  readonly size: number;
}

/** The field of a record by name; undefined when its type has none of that name. */
export function fieldOf(c: Columns, slot: Slot, name: string): RecordField | undefined {
  const record = recordTypeOf(c.type[slot] ?? 0);
  const definition = record.fields.get(name);
  if (!definition) return undefined;
  const { type, size } = definition;
  const field = { record, slot, definition, type, size, maxCount: 1 };
  const shape = name === 'VAL' || name === 'OVAL' ? record.shape?.(c, slot) : undefined;
  return shape ? { ...field, ...shape } : field;
}

/** Whether clients may write the field: not read-only ones, nor the value of what the plant feeds. */
export function isWritable(c: Columns, field: RecordField): boolean {
  if (field.definition.readOnly) return false;
  const isValue = field.definition.name === 'VAL' || field.definition.name === 'RVAL';
  return !isValue || !c.has(field.slot, Flag.input);
}
