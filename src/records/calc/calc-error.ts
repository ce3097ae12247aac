import { IocError } from '../../kernel/index.ts';

/** Why a text is no CALC expression; each is one of the reasons of EPICS base, or more exact. */
export type CalcErrorKind =
  | 'empty'
  | 'too-long'
  | 'too-deep'
  | 'syntax'
  | 'bad-literal'
  | 'bad-assignment'
  | 'bad-separator'
  | 'wrong-arguments'
  | 'parenthesis-not-open'
  | 'parenthesis-open'
  | 'conditional'
  | 'incomplete'
  | 'no-result'
  | 'too-many-results';

/** A text that is no CALC expression: where it goes wrong, and what would be right there. */
export class CalcError extends IocError {
  readonly kind: CalcErrorKind;
  /** Character at which the expression cannot go on, counted from 1; after the last one at its end. */
  readonly position: number;

  constructor(kind: CalcErrorKind, text: string, at: number, what: string) {
    super('records/calc', `CALC "${excerpt(text)}", character ${at + 1}: ${what}`);
    this.name = 'CalcError';
    this.kind = kind;
    this.position = at + 1;
  }
}

function excerpt(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
