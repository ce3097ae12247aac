import { messageOf } from '../kernel/index.ts';

/** What a command has to complain of; ends the command, never the shell. */
export class Complaint extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'Complaint';
  }
}

/** What to print of anything that a command threw. */
export function complaintOf(error: unknown): string {
  return error instanceof Complaint ? error.message : messageOf(error);
}
