import { messageOf } from '../../kernel/index.ts';
import { type Command, type Heard, subjectOf } from './command.ts';
import { type FreshnessRules, freshness } from './freshness.ts';

/** Why nobody may ask this of that subject; undefined when they may. */
export type Refusal = (heard: Heard, subject: string) => string | undefined;

/** Whether what was heard may be executed: the command, or why not. */
export type Admission =
  | { readonly kind: 'admitted'; readonly command: Command }
  | { readonly kind: 'refused'; readonly reason: string };

/** Looks at a new command: whether it is one, may be asked by anybody, and comes in time. */
export function admission(
  heard: Heard,
  refusal: Refusal,
  rules: FreshnessRules,
  now: number,
): Admission {
  const { payload, operation, entity, arrival } = heard;
  if (payload.kind === 'cleared') return refused('it was cleared');
  if (payload.kind === 'bad') return refused(payload.reason);
  const { fields } = payload;
  let subject: string;
  try {
    subject = operation.subject?.(fields, entity) ?? subjectOf(entity);
  } catch (error) {
    return refused(messageOf(error));
  }
  const why = refusal(heard, subject);
  if (why !== undefined) return refused(why);
  const judged = freshness(fields, operation.guard, arrival, rules, now);
  if (judged.kind === 'stale') return refused(judged.reason);
  return { kind: 'admitted', command: { ...heard, fields, subject, until: judged.until } };
}

function refused(reason: string): Admission {
  return { kind: 'refused', reason };
}
