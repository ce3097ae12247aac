import { type Json5, messageOf, parseJson5 } from '../../kernel/index.ts';
import type { PvField, PvValue } from '../../pv/index.ts';
import { Complaint } from '../complaint.ts';

/** The value that a typed text means for a field: rows of characters are text, other rows JSON. */
export function typedValue({ type, maxCount }: PvField, text: string): PvValue {
  if (maxCount === 1) return text;
  if (type === 'CHAR' || type === 'UCHAR') return Uint8Array.from(Buffer.from(`${text}\0`));
  const json = parsed(text);
  const items = json.kind === 'array' ? json.items : [json];
  return items.map(elementText);
}

function parsed(text: string): Json5 {
  try {
    return parseJson5(text);
  } catch (cause) {
    throw new Complaint(`an array is JSON, as [1, 2.5]: ${messageOf(cause)}`, { cause });
  }
}

function elementText(item: Json5): string {
  switch (item.kind) {
    case 'integer':
    case 'number':
      return Object.is(item.value, -0) ? '-0' : String(item.value);
    case 'string':
      return item.value;
    case 'boolean':
      return item.value ? '1' : '0';
    case 'null':
    case 'array':
    case 'object':
      throw new Complaint(`an element of an array is a number or a text, not ${item.kind}`);
  }
}
