/** Strings of up to this length are shared; longer ones are mostly told once. */
const LONGEST = 12;
const PLACES = 4096;

/**
 * Gives parts of texts as strings, and the same string for what was told lately: field names, menu
 * choices and units come by the hundred thousand.
 */
export class StringPool {
  readonly #strings: string[] = new Array(PLACES).fill('');

  // hot path
  take(text: string, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return text.slice(start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = this.#strings[place]!;
    if (known.length === length && isAt(known, text, start)) return known;
    const taken = text.slice(start, end);
    this.#strings[place] = taken;
    return taken;
  }
}

// hot path
function isAt(known: string, text: string, start: number): boolean {
  for (let at = 0; at < known.length; at++) {
    if (known.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  }
  return true;
}
