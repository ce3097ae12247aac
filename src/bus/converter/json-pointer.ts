import { IocError } from '../../kernel/index.ts';

/** A JSON pointer (RFC 6901) in its parts; none is the whole document. */
export type JsonPointer = readonly string[];

/** Reads `/sensors/0/value`, `~1` for a slash and `~0` for a tilde. Throws `bus/json-pointer`. */
export function jsonPointer(text: string): JsonPointer {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) {
    throw new IocError(
      'bus/json-pointer',
      `"${text}" is no JSON pointer: write /key/0, with ~1 for / and ~0 for ~ within a key`,
    );
  }
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** As text. */
export function pointerText(pointer: JsonPointer): string {
  return pointer.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What a pointer leads to; undefined where it leads nowhere. */
export function found(document: unknown, pointer: JsonPointer): unknown {
  let at = document;
  for (const part of pointer) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    // Elements of lists go by digits without leading zeros.
    if (Array.isArray(at) && !/^(0|[1-9]\d*)$/.test(part)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[part];
  }
  return at;
}
