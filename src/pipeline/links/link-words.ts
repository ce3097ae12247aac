/** A word of an address: `KEY=value` of a known form, a text in quotes, or anything else. */
export type Word =
  | { readonly kind: 'option'; readonly key: string; readonly value: string }
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'bare'; readonly text: string };

/**
 * The words of an address, which blanks or `/` part. What stands in single quotes is one word
 * whatever it holds; `KEY='…'` is an option.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const [word] of text.matchAll(/(?:[^\s/']|'[^']*')+/g)) words.push(wordOf(word));
  return words;
}

function wordOf(word: string): Word {
  const [, key, value] = /^([A-Za-z_]+)=(.+)$/.exec(word) ?? [];
  if (key !== undefined && value !== undefined) {
    return { kind: 'option', key: key.toUpperCase(), value: unquoted(value) };
  }
  const text = unquoted(word);
  return { kind: text === word ? 'bare' : 'quoted', text };
}

function unquoted(text: string): string {
  return text.replaceAll("'", '');
}
