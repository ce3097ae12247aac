import { IocError } from '../kernel/index.ts';
import type { Position } from './database.ts';

/** One mistake in a text, and where it stands. */
export interface DatabaseProblem extends Position {
  /** What is wrong, with the offending token, and what would be right. */
  readonly message: string;
}

/** Most mistakes that one error tells of. */
const MOST_PROBLEMS = 20;

/** What is wrong with the texts of a load: all mistakes that could be told apart. */
export class DatabaseError extends IocError {
  readonly problems: readonly DatabaseProblem[];

  constructor(problems: readonly DatabaseProblem[], options?: { readonly cause?: unknown }) {
    super('database/invalid', problems.map(problemText).join('\n'), options);
    this.name = 'DatabaseError';
    this.problems = problems;
  }
}

/**
 * `file:line:column: message`, as compilers write it, so that editors can jump there; behind it
 * where the file was included.
 */
export function problemText({ file, line, column, from, message }: DatabaseProblem): string {
  const trail: string[] = [];
  for (let at = from; at && trail.length < 3; at = at.from)
    trail.push(`${at.file}:${at.line}:${at.column}`);
  const origin = trail.length > 0 ? ` (from ${trail.join(', from ')})` : '';
  return `${file}:${line}:${column}: ${message}${origin}`;
}

/** Collects mistakes that do not keep the rest of a text from being read. */
export class Complaints {
  readonly #problems: DatabaseProblem[] = [];
  #more = 0;

  add(at: Position, message: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ ...at, message });
    else this.#more++;
  }

  /** What `read` returns, unless there is something to complain of: then that is thrown. */
  settled<T>(read: () => T): T {
    try {
      const result = read();
      this.settle();
      return result;
    } catch (error) {
      this.take(error);
      this.settle();
      throw error;
    }
  }

  /** Takes the mistake that ended the reading of a text; anything else is thrown on. */
  take(error: unknown): void {
    if (!(error instanceof DatabaseError)) throw error;
    for (const problem of error.problems) this.add(problem, problem.message);
  }

  /** Throws what was collected, if anything was. */
  settle(): void {
    const last = this.#problems.at(-1);
    if (!last) return;
    const more = this.#more > 0 ? [{ ...last, message: `… and ${this.#more} more` }] : [];
    throw new DatabaseError([...this.#problems.splice(0), ...more]);
  }
}

/** Part of a text for a message: quoted, in one line, bounded. */
export function excerpt(text: string, limit = 40): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return JSON.stringify(cut);
}
