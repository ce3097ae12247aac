import type { Grouping } from './grouping.ts';

/** How the server shall notify; times in seconds. */
export interface NotificationPlan extends Grouping {
  readonly mode: 'on-change' | 'cyclic';
  readonly cycle: number;
  readonly maxDelay: number;
}

/** A plan that serves two values of one region: the more demanding of each. */
export function bothOf(a: NotificationPlan, b: NotificationPlan): NotificationPlan {
  return {
    ...a,
    mode: a.mode === 'cyclic' ? a.mode : b.mode,
    cycle: Math.min(a.cycle, b.cycle),
    maxDelay: Math.min(a.maxDelay, b.maxDelay),
  };
}
