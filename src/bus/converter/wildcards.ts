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
