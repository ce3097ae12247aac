/**
 * What `A=1,B="x,y",C` defines, in order; a name without `=` has no value. Names lose quotes and
 * escapes; values keep them until they are used. Blanks around names and values are dropped.
 */
export function parseDefinitions(text: string): (readonly [string, string | undefined])[] {
  const found: (readonly [string, string | undefined])[] = [];
  let at = 0;
  while (at < text.length) {
    if (isBlank(text[at]) || text[at] === ',') {
      at++;
      continue;
    }
    const nameEnd = endOf(text, at, '=,');
    const name = unquoted(text.slice(at, nameEnd).trim());
    if (text[nameEnd] !== '=') {
      found.push([name, undefined]);
      at = nameEnd + 1;
      continue;
    }
    const valueEnd = endOf(text, nameEnd + 1, ',');
    found.push([name, text.slice(nameEnd + 1, valueEnd).trim()]);
    at = valueEnd + 1;
  }
  return found;
}

/** A text without its quotes and escapes. */
export function unquoted(text: string): string {
  let out = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '' ? char === quote : char === '"' || char === "'") {
      quote = quote === '' ? char : '';
    } else if (char === '\\' && at + 1 < text.length) {
      out += text[++at];
    } else out += char;
  }
  return out;
}

/** Where the first of `ends` stands that is neither quoted nor escaped. */
function endOf(text: string, from: number, ends: string): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char !== '\\' && ends.includes(char)) {
      return at;
    }
    if (char === '\\') at++;
  }
  return text.length;
}

function isBlank(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}
