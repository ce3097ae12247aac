/** A word of an address: where it begins, `KEY` if it is `KEY=value` or a known flag, and its text. */
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
  const word = /\s*((?:[^\s']|'(?:[^']|'')*')+)/y;
  const text = address.trimEnd();
  while (word.lastIndex < text.length) {
    const match = word.exec(text);
    if (match === null) return undefined;
    words.push(addressWord(match[1] ?? ''));
  }
  return words;
}

/** A text as a word of an address. */
export function quoted(text: string): string {
  return /^[^\s'=]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

function addressWord(word: string): AddressWord {
  const [, key, value] = /^([A-Za-z][A-Za-z-]*)=(.*)$/s.exec(word) ?? [];
  if (key === undefined || value === undefined) return { text: unquoted(word) };
  return { key: key.toUpperCase(), text: unquoted(value) };
}

function unquoted(text: string): string {
  return text.replace(/'((?:[^']|'')*)'/g, (_, inner: string) => inner.replaceAll("''", "'"));
}
