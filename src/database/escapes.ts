const backslash = 0x5c;

const named: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
};

/**
 * A text with its C escapes resolved, as EPICS base stores it: it ends at the first NUL. Bytes told
 * as `\xHH` are UTF-8 where they can be. `\uHHHH` is that character, where base 7.0.8 loses it.
 */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  let out = '';
  let at = 0;
  for (;;) {
    const next = text.indexOf('\\', at);
    if (next < 0 || next === text.length - 1) break;
    out += text.slice(at, next);
    const [part, end] = escapeAt(text, next);
    out += part;
    at = end;
  }
  out += text.slice(at).replace(/\\$/, '');
  const nul = out.indexOf('\0');
  return nul < 0 ? out : out.slice(0, nul);
}

/** A text as a C string literal holds it, without the quotes; characters beyond ASCII stay. */
export function escaped(text: string): string {
  if (!needsEscape.test(text)) return text;
  return text.replace(everyEscape, (char) => escapes[char] ?? hex(char));
}

/** The same, with the UTF-8 bytes of characters beyond ASCII as escapes, as C's isprint has it. */
export function escapedBytes(text: string): string {
  return escaped(text).replace(beyondAscii, (part) =>
    Array.from(Buffer.from(part), (byte) => `\\x${byte.toString(16)}`).join(''),
  );
}

const beyondAscii = /[\u0080-\uffff]+/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const needsEscape = /[\x00-\x1f\x7f\\'"]/;
const everyEscape = new RegExp(needsEscape, 'g');

const escapes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(named).map(([letter, char]) => [char, `\\${letter}`])),
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
};

function hex(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** What the escape at `at` stands for, and where the text goes on. */
function escapeAt(text: string, at: number): readonly [string, number] {
  const letter = text[at + 1] ?? '';
  if (letter === 'x') return bytesAt(text, at);
  if (letter === 'u') {
    const digits = /^[\da-f]{4}/i.exec(text.slice(at + 2, at + 6))?.[0];
    if (digits) return [String.fromCharCode(Number.parseInt(digits, 16)), at + 6];
  }
  return [named[letter] ?? letter, at + 2];
}

/** A run of `\xHH`: one or two digits each; without a digit it is nothing. */
function bytesAt(text: string, start: number): readonly [string, number] {
  const bytes: number[] = [];
  let at = start;
  while (text.charCodeAt(at) === backslash && text[at + 1] === 'x') {
    const digits = /^[\da-f]{1,2}/i.exec(text.slice(at + 2, at + 4))?.[0] ?? '';
    if (digits !== '') bytes.push(Number.parseInt(digits, 16));
    at += 2 + digits.length;
  }
  return [textOfBytes(Uint8Array.from(bytes)), at];
}

/** Bytes as text: UTF-8 if they are that, else Latin-1, which has a character for each. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
