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
  if (dot < 0) return { record: name, field: 'VAL', modifiers: '' };
  const end = fieldEnd(name, dot + 1);
  return {
    record: name.slice(0, dot),
    field: end === dot + 1 ? 'VAL' : name.slice(dot + 1, end),
    modifiers: name.slice(end),
  };
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
