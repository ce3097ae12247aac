import type { BreakTable } from './database.ts';
import { excerpt } from './problem.ts';
import { Token } from './scanner.ts';
import type { TokenReader } from './token-reader.ts';

/** Definitions of `.dbd` files in parentheses, and how many words each has at least and at most. */
const inParentheses: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['device', [4, 4]],
  ['driver', [1, 1]],
  ['link', [2, 2]],
  ['registrar', [1, 1]],
  ['function', [1, 1]],
  ['variable', [1, 2]],
]);

/**
 * Passes over a definition that has no meaning here, where record types, menus and device supports
 * are built in: softIoc takes them from its own .dbd, and passes over what it has already. False
 * when the keyword begins none.
 */
export function skipDefinition(tokens: TokenReader, keyword: string): boolean {
  const counts = inParentheses.get(keyword);
  if (counts) {
    skipWords(tokens, keyword, counts);
    return true;
  }
  if (keyword !== 'menu' && keyword !== 'recordtype') return false;
  skipWords(tokens, keyword, [1, 1]);
  tokens.mark('{');
  for (let depth = 1; depth > 0; ) {
    const kind = tokens.next();
    if (kind === Token.end) throw tokens.unexpected(`"}" of the ${keyword}`);
    if (kind === 0x7b) depth++;
    if (kind === 0x7d) depth--;
  }
  return true;
}

function skipWords(
  tokens: TokenReader,
  keyword: string,
  [least, most]: readonly [number, number],
): void {
  tokens.mark('(');
  let count = 0;
  do {
    tokens.string('a word');
    count++;
  } while (tokens.skip(','));
  tokens.mark(')');
  if (count < least || count > most) {
    throw tokens.fail(`${keyword} takes ${least === most ? least : `${least} or ${most}`} words`);
  }
}

/** Reads a breaktable behind its keyword. */
export function readBreakTable(tokens: TokenReader): BreakTable {
  const at = tokens.position();
  tokens.mark('(');
  const name = tokens.string('the name of a breaktable');
  tokens.mark(')');
  tokens.mark('{');
  const numbers: number[] = [];
  while (!tokens.skip('}')) {
    numbers.push(readNumber(tokens));
    tokens.skip(',');
  }
  const points = Array.from({ length: Math.floor(numbers.length / 2) }, (_, index) => ({
    raw: numbers[2 * index] ?? 0,
    engineering: numbers[2 * index + 1] ?? 0,
  }));
  const fault = numbers.length % 2 === 1 ? 'its last point lacks a value' : faultOf(points);
  if (fault) throw tokens.fail(`breaktable ${excerpt(name)}: ${fault}`);
  return { name, points, at };
}

function readNumber(tokens: TokenReader): number {
  const text = tokens.string('a number');
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw tokens.unexpected('a number');
  return value;
}

function faultOf(points: BreakTable['points']): string | undefined {
  if (points.length < 2) return 'it needs at least two points';
  const slopes = points.slice(1).map(({ raw, engineering }, index) => {
    const before = points[index];
    return (engineering - (before?.engineering ?? 0)) / (raw - (before?.raw ?? 0));
  });
  if (slopes.some((slope) => slope === 0 || Number.isNaN(slope))) return 'a slope is zero';
  const isFalling = (slopes[0] ?? 0) < 0;
  return slopes.every((slope) => slope < 0 === isFalling)
    ? undefined
    : 'the slope changes its sign';
}
