/** A channel name in its parts (facts/ca.md section 8). */
export interface ChannelName {
  readonly record: string;
  /** `VAL` where none is named. */
  readonly field: string;
  /** What follows the field: `$`, a range `[s:i:e]`, filters `{…}`; empty for most channels. */
  readonly modifiers: string;
}

/**
 * Cuts `RECORD.FIELD$[range]{filters}`. Without a dot everything is the record's name, brackets and
 * braces too, as facilities use them in names.
 */
export function channelName(name: string): ChannelName {
  const dot = name.indexOf('.');
  if (dot < 0) return { record: name, ...wholeRecord };
  return { record: name.slice(0, dot), ...fieldPart(name.slice(dot + 1)) };
}

/** What a name says without a dot: VAL, and no more. */
export const wholeRecord: Omit<ChannelName, 'record'> = { field: 'VAL', modifiers: '' };

/** Cuts what follows the dot of a channel name. */
export function fieldPart(text: string): Omit<ChannelName, 'record'> {
  const end = fieldEnd(text, 0);
  return { field: end === 0 ? 'VAL' : text.slice(0, end), modifiers: text.slice(end) };
}

/** Where the identifier that begins at `from` ends. */
function fieldEnd(name: string, from: number): number {
  let at = from;
  while (at < name.length && isWordCharacter(name.charCodeAt(at), at > from)) at++;
  return at;
}

function isWordCharacter(code: number, digitsToo: boolean): boolean {
  const letter = code | 0x20;
  if ((letter >= 0x61 && letter <= 0x7a) || code === 0x5f) return true;
  return digitsToo && code >= 0x30 && code <= 0x39;
}
