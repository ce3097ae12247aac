import { Arguments, type Command, type Parameter } from './command.ts';
import { Complaint } from './complaint.ts';

/** Converts the words after a command's name. Words beyond the parameters are ignored, as in iocsh. */
export function argumentsOf({ parameters }: Command, words: readonly string[]): Arguments {
  const last = parameters.at(-1);
  const named = last?.kind === 'rest' ? parameters.slice(0, -1) : parameters;
  const values = named.map((parameter, at) => converted(parameter, words[at]));
  return new Arguments(values, last?.kind === 'rest' ? words.slice(named.length) : []);
}

function converted({ kind }: Parameter, word: string | undefined): string | number | undefined {
  switch (kind) {
    case 'integer':
      return word ? integer(word) : undefined;
    case 'number':
      return word ? number(word) : undefined;
    case 'base':
      if (!word || word.startsWith('0') || word === 'pdbbase') return undefined;
      throw new Complaint(`Expecting 'pdbbase' got '${word}'`);
    case 'string':
    case 'record':
    case 'path':
    case 'command':
    case 'rest':
      return word;
  }
}

/** As C's strtol with base 0: decimal, 0x…, octal. */
function integer(word: string): number {
  const match = /^\s*([+-]?)(0[xX][\da-fA-F]+|\d+)$/.exec(word);
  const [, sign, digits = ''] = match ?? [];
  const isOctal = /^0\d/.test(digits);
  if (!match || (isOctal && !/^[0-7]+$/.test(digits))) {
    throw new Complaint(`Illegal integer '${word}'`);
  }
  const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  if (!Number.isSafeInteger(value)) throw new Complaint(`Integer '${word}' out of range`);
  return sign === '-' ? -value : value;
}

function number(word: string): number {
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(word);
  if (special?.[2]?.toLowerCase() === 'nan') return Number.NaN;
  if (special) return special[1] === '-' ? -Infinity : Infinity;
  const value = Number(word);
  if (Number.isNaN(value)) throw new Complaint(`Illegal double '${word}'`);
  return value;
}
