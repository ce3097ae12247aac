/** Longest name of a file, in bytes, as file systems have it. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 1024;
const MOST_NAMES = 16;

/** Control characters, and the separator of other systems. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ODD = /[\u0000-\u001f\u007f\\]/;

/**
 * Names from the root to what a path of a URL leads to, `.` and `..` followed; none of the root
 * itself. Undefined of what leads out of the root, and of what cannot be the name of a file.
 */
export function filePath(path: string): readonly string[] | undefined {
  const text = decodedPath(path);
  if (text === undefined || ODD.test(text) || Buffer.byteLength(text) > LONGEST_PATH) {
    return undefined;
  }
  const names: string[] = [];
  for (const name of text.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  const fits = names.every((name) => Buffer.byteLength(name) <= LONGEST_NAME);
  return fits && names.length <= MOST_NAMES ? names : undefined;
}

/** A path of a URL for names; what is no letter of a URL is escaped, a colon stays. */
export function pathOf(names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(name).replaceAll('%3A', ':')).join('/');
}

/** Escapes resolved, those of a slash too; undefined where one is broken, or a byte is no ASCII. */
function decodedPath(path: string): string | undefined {
  try {
    return /^[\x20-\x7e]*$/.test(path) ? decodeURIComponent(path) : undefined;
  } catch {
    return undefined;
  }
}
