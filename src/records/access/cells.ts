import type { Slot } from '../../model/index.ts';
import type { Columns, FieldValue } from '../columns.ts';
import type { FieldType } from '../field-type.ts';
import { formatLink } from '../links/format-link.ts';
import type { Access } from './access.ts';

type NumberColumn = Float64Array | Uint8Array;

/** A field that is a column. */
export function column(pick: (c: Columns) => NumberColumn): Access {
  return {
    read: (c, slot) => pick(c)[slot] ?? 0,
    write: (c, slot, value) => {
      pick(c)[slot] = Number(value);
    },
  };
}

/** A field that is a bit of the record's flags. */
export function flag(bit: number): Access {
  return {
    read: (c, slot) => (c.has(slot, bit) ? 1 : 0),
    write: (c, slot, value) => c.set(slot, bit, Number(value) !== 0),
  };
}

/** A link field: its text, and the note that its record has links. */
export function linkText(field: string, type: FieldType): Access {
  return {
    read: (c, slot) => formatLink(String(c.stored(slot, field) ?? ''), type),
    write(c, slot, value) {
      c.store(slot, field, value === '' ? undefined : value);
      if (value !== '') c.linked.add(slot);
    },
  };
}

/** A field that is worked out when read; what is written has no effect. */
export function derived(read: Access['read']): Access {
  return { read, write: () => {} };
}

/** A field that is stored as it is. */
export function stored(field: string, initial: FieldValue): Access {
  return {
    read: (c, slot) => c.stored(slot, field) ?? initial,
    write: (c, slot, value) => c.store(slot, field, value === initial ? undefined : value),
  };
}

/** A stored field on which columns depend. */
export function source(
  field: string,
  initial: FieldValue,
  update: (c: Columns, slot: Slot) => void,
): Access {
  const { read, write } = stored(field, initial);
  return {
    read,
    write(c, slot, value) {
      write(c, slot, value);
      update(c, slot);
    },
  };
}
