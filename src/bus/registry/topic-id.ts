/** An entity's topic id, and the rest of a path behind it. */
export interface EntityPath {
  /** Four segments: `device/child0//`. */
  readonly topicId: string;
  /** `['twin', 'name']` */
  readonly channel: readonly string[];
}

const SEGMENTS = 4;

// biome-ignore lint/suspicious/noControlCharactersInRegex: topics must not hold them
const ODD = /[+#\u0000-\u001f\u007f]/;

/** `device/child0` is `device/child0//`; undefined of what cannot be a topic id. */
export function topicIdOf(text: string): string | undefined {
  const segments = text.split('/');
  if (segments.length > SEGMENTS || segments[0] === '' || ODD.test(text)) return undefined;
  return [...segments, ...Array(SEGMENTS - segments.length).fill('')].join('/');
}

/**
 * What a path of a URL means: a topic id, then a channel of it. Empty segments at the end of a topic
 * id may be left out, before a channel only those of devices of the default scheme.
 */
export function entityPath(path: string): EntityPath | undefined {
  const segments = decodedSegments(path);
  if (!segments) return undefined;
  const size = isShort(segments) ? 2 : SEGMENTS;
  // Slashes at the end of the whole say nothing.
  const channel = segments.slice(size).join('/').replace(/\/+$/, '');
  const topicId = topicIdOf(segments.slice(0, size).join('/'));
  if (topicId === undefined) return undefined;
  return { topicId, channel: channel === '' ? [] : channel.split('/') };
}

/** The device that a service of the default scheme belongs to; undefined of all else. */
export function deviceOf(topicId: string): string | undefined {
  const [, device] = /^(device\/[^/]+)\/service\/[^/]+$/.exec(topicId) ?? [];
  return device === undefined ? undefined : `${device}//`;
}

/** Whether something can be the key of a twin fragment: one level of a topic, and no `@…`. */
export function isTwinKey(key: string): boolean {
  return key !== '' && !key.startsWith('@') && !key.includes('/') && !ODD.test(key);
}

/** `device/child0/twin/name` */
function isShort([first, , third]: readonly string[]): boolean {
  return first === 'device' && (third === 'twin' || third === 'config');
}

function decodedSegments(path: string): string[] | undefined {
  try {
    return path.replace(/^\//, '').split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
