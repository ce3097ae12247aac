/** A word of an address: `KEY` if it is `KEY=value`, and its text. */
export interface AddressWord {
  readonly key?: string;
  readonly text: string;
}

/**
 * The words of an address, parted by blanks. What stands in single quotes is taken as it is, blanks
 * and all, `''` for a quote. Undefined when a quote is not closed.
 */
export function addressWords(address: string): AddressWord[] | undefined {
  const words: AddressWord[] = [];
  for (let at = 0; at < address.length; ) {
    if (isBlank(address.charAt(at))) {
      at++;
      continue;
    }
    const scanned = scan(address, at);
    if (scanned === undefined) return undefined;
    words.push(scanned.word);
    at = scanned.end;
  }
  return words;
}

/** A text as a word of an address. */
export function quoted(text: string): string {
  return /^[^\s'=]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

function scan(address: string, from: number): { word: AddressWord; end: number } | undefined {
  let text = '';
  /** What stands before the first quote, which alone may be a key. */
  let head: string | undefined;
  let at = from;
  while (at < address.length && !isBlank(address.charAt(at))) {
    const char = address.charAt(at);
    if (char !== "'") {
      text += char;
      at++;
      continue;
    }
    head ??= text;
    const end = quoteEnd(address, at);
    if (end === undefined) return undefined;
    text += address.slice(at + 1, end).replaceAll("''", "'");
    at = end + 1;
  }
  const [start, key] = /^([A-Za-z][A-Za-z-]*)=/.exec(head ?? text) ?? [];
  if (start === undefined || key === undefined) return { word: { text }, end: at };
  return { word: { key: key.toUpperCase(), text: text.slice(start.length) }, end: at };
}

/** Where the quote that opens at `from` closes. */
function quoteEnd(address: string, from: number): number | undefined {
  for (let at = from + 1; at < address.length; at++) {
    if (address.charAt(at) !== "'") continue;
    if (address.charAt(at + 1) !== "'") return at;
    at++;
  }
  return undefined;
}

function isBlank(char: string): boolean {
  return /\s/.test(char);
}
