/** What a client may do; each right contains those below it. */
export const Right = { none: 0, read: 1, write: 2, rpc: 3 } as const;
export type Right = (typeof Right)[keyof typeof Right];

/** What a client may do with a field. Kept up to date in place while its session lasts. */
export interface Grant {
  readonly read: boolean;
  readonly write: boolean;
  /** Puts are told to the put log: a rule with TRAPWRITE granted the right. */
  readonly trap: boolean;
}

/** What everybody may where there are no rules. */
export const everything: Grant = { read: true, write: true, trap: false };

/** The same where there is a put log. */
export const everythingLogged: Grant = { ...everything, trap: true };
