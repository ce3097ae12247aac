/** Whether a text is a topic filter: `#` is a whole last level, `+` a whole level (MQTT 3.1.1, 4.7.1). */
export function isTopicFilter(text: string): boolean {
  if (text === '' || text.includes('\0') || Buffer.byteLength(text) > MOST_BYTES) return false;
  const levels = text.split('/');
  return levels.every((level, at) => {
    if (level === '#') return at === levels.length - 1;
    return level === '+' || !/[+#]/.test(level);
  });
}

/** Whether a text is a topic that can be published to (MQTT 3.1.1, 4.7.3); a broker ends who tries others. */
export function isTopic(text: string): boolean {
  return text !== '' && !/[+#\0]/.test(text) && Buffer.byteLength(text) <= MOST_BYTES;
}

/** Texts have a length of 16 bits. */
const MOST_BYTES = 0xffff;

/** Whether a topic is among those of a filter. */
export function matchesFilter(filter: string, topic: string): boolean {
  // [MQTT-4.7.2-1]: wildcards at the first level match no topic that begins with $.
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  if (filter === '#') return true;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true;
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}

/** Whether some topic is among those of both filters. */
export function filtersOverlap(one: string, other: string): boolean {
  const isHidden = (a: string, b: string) => a.startsWith('$') && /^[+#]/.test(b);
  if (isHidden(one, other) || isHidden(other, one)) return false;
  const [a, b] = [one.split('/'), other.split('/')];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    // "a/#" has the topic "a" as well.
    if (left === '#' || right === '#') return true;
    if (left === undefined || right === undefined) return false;
    if (left !== right && left !== '+' && right !== '+') return false;
  }
  return true;
}
