/** Whether a text can be published on (MQTT 3.1.1 section 4.7). */
export function isTopic(text: string): boolean {
  return text !== '' && !/[+#\0]/.test(text) && Buffer.byteLength(text) <= LONGEST;
}

/** Whether a text can be subscribed to: `+` is a level of its own, `#` the last one. */
export function isFilter(text: string): boolean {
  if (text === '' || text.includes('\0') || Buffer.byteLength(text) > LONGEST) return false;
  const levels = text.split('/');
  return levels.every((level, at) => {
    if (level === '#') return at === levels.length - 1;
    return level === '+' || !/[+#]/.test(level);
  });
}

/**
 * The levels that the wildcards of a filter stand for, in order, `#` for all that is left with its
 * slashes; undefined when the topic does not match. Topics of the broker (`$…`) match no wildcard at
 * their beginning.
 */
export function matched(filter: string, topic: string): readonly string[] | undefined {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return undefined;
  const found: string[] = [];
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return [...found, levels.slice(at).join('/')];
    const given = levels[at];
    if (given === undefined || (level !== '+' && level !== given)) return undefined;
    if (level === '+') found.push(given);
  }
  return levels.length === wanted.length ? found : undefined;
}

/** Whether a filter has wildcards. */
export function isWild(filter: string): boolean {
  return /[+#]/.test(filter);
}

/** Bytes of a topic. */
const LONGEST = 65_535;
