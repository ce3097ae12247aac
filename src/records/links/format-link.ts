import type { FieldType } from '../field-type.ts';
import { parseLink } from './parse-link.ts';

/** The text of a link field as EPICS base gives it back: `X` is `X NPP NMS`, blanks are trimmed. */
export function formatLink(text: string, type: FieldType): string {
  const link = parseLink(text, type);
  if (link.kind !== 'pv') return text.trim();
  const { process, severity } = link.modifiers;
  if (type === 'FWDLINK') return process === 'CA' ? `${link.name} CA` : link.name;
  return `${link.name} ${process} ${severity}`;
}
