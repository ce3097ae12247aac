import { IocError } from '../kernel/index.ts';

/** One mistake in a file that a person edits, and where it is; lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Keys and list positions from the top of the file: `plant.host`, `symbols[2].type`. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** Everything that is wrong with the files read, all mistakes at once. */
export class ConfigError extends IocError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: { readonly cause?: unknown }) {
    super('config/invalid', problems.map(problemText).join('\n'), options);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `file:line:column: path: message`, as compilers write it, so that editors can jump there. */
export function problemText({ file, line, column, path, message }: Problem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

/** Takes mistakes that show only when a file is taken together with what lies around it. */
export interface Complaints {
  /** About a value of the file, by the keys that lead to it. */
  complain(path: readonly PropertyKey[], message: string): void;
  /** About a file that it names. */
  report(problem: Problem): void;
}

/** The problem that a file has as a whole. */
export function fileProblem(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}
