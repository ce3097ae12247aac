import { BaseLink } from './base-link.ts';

/** A link that leads nowhere: a record that needs it is LINK/INVALID. */
export class BrokenLink extends BaseLink {
  /** Why, in words. */
  readonly why: string;

  constructor(why: string) {
    super('broken');
    this.why = why;
  }
}
