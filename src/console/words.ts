import { Complaint } from './complaint.ts';

/** Where a stream of a command goes to, or comes from: `< file`, `> file`, `2>> file`. */
export interface Redirect {
  /** 0 reads, 1 is what the command prints, 2 what it complains. */
  readonly stream: number;
  readonly mode: 'read' | 'write' | 'append';
  readonly file: string;
}

/** A line of a shell, as iocsh takes it apart. */
export interface Words {
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
}

const separators = ' \t(),\r';

/**
 * Takes a line apart as iocsh does: words end at blanks, commas and parentheses, so that `cmd a b`
 * and `cmd("a", b)` are one; both quotes keep them together, a backslash outside of quotes keeps
 * the next character. Throws a Complaint for quotes and redirections that do not end.
 */
export function splitWords(line: string): Words {
  return new Splitter(line).split();
}

/** One pass over a line. */
class Splitter {
  readonly #line: string;
  readonly #words: string[] = [];
  readonly #redirects: Redirect[] = [];
  #at = 0;
  /** The word that is being read; undefined between words. */
  #word: string | undefined;
  #quote = '';
  #pending: Omit<Redirect, 'file'> | undefined;

  constructor(line: string) {
    this.#line = line;
  }

  split(): Words {
    while (this.#at < this.#line.length) this.#take(this.#line.charAt(this.#at++));
    if (this.#quote) throw new Complaint('Unbalanced quote.');
    this.#endWord();
    if (this.#pending) throw new Complaint('Illegal redirection.');
    return { words: this.#words, redirects: this.#redirects };
  }

  #take(c: string): void {
    if (this.#quote) {
      if (c === this.#quote) this.#quote = '';
      else this.#word += c;
    } else if (c === '\\') {
      this.#literal();
    } else if (c === '"' || c === "'") {
      this.#quote = c;
      this.#word ??= '';
    } else if (!this.#takeRedirect(c)) {
      if (separators.includes(c)) this.#endWord();
      else this.#word = (this.#word ?? '') + c;
    }
  }

  #literal(): void {
    if (this.#at >= this.#line.length) throw new Complaint('Trailing backslash.');
    this.#word = (this.#word ?? '') + this.#line.charAt(this.#at++);
  }

  /** `<`, `>`, `>>`, and the last two with the number of a stream before them. */
  #takeRedirect(c: string): boolean {
    const isNumbered = c >= '1' && c <= '9' && this.#line.charAt(this.#at) === '>';
    if (c !== '<' && c !== '>' && !isNumbered) return false;
    this.#endWord();
    if (this.#pending) throw new Complaint('Illegal redirection.');
    if (c === '<') {
      this.#pending = { stream: 0, mode: 'read' };
      return true;
    }
    if (isNumbered) this.#at++;
    const isAppending = this.#line.charAt(this.#at) === '>';
    if (isAppending) this.#at++;
    const stream = isNumbered ? Number(c) : 1;
    this.#pending = { stream, mode: isAppending ? 'append' : 'write' };
    return true;
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    if (this.#pending) this.#redirects.push({ ...this.#pending, file: this.#word });
    else this.#words.push(this.#word);
    this.#pending = undefined;
    this.#word = undefined;
  }
}
