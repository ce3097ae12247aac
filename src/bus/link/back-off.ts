/** Milliseconds between attempts. */
export interface BackOffRule {
  readonly least: number;
  readonly most: number;
}

/** Nobody listens: asking again costs next to nothing, and a broker that returns is found soon. */
export const UNREACHABLE: BackOffRule = { least: 200, most: 2000 };

/** Somebody turned us away, and must not be hammered with a wrong password. */
export const REFUSED: BackOffRule = { least: 200, most: 5000 };

/**
 * How long to wait before the next attempt, after `failures` of them in a row. The span in which
 * chance decides doubles with each, so that the clients of a broker that returns do not come all at
 * once.
 */
export function backOff(failures: number, rule: BackOffRule, chance = Math.random): number {
  const { least, most } = rule;
  const span = Math.min(most, least * 2 ** (Math.min(failures, 20) + 1)) - least;
  return least + span * chance();
}
