import { z } from 'zod';
import { namePattern } from '../../model/index.ts';
import { section } from '../issue-text.ts';
import { seconds, word } from '../scalars.ts';
import { pattern } from '../value-rule.ts';

/** An operation by itself is allowed on everything; puts are only allowed on what is named. */
const allow = z.union(
  [
    pattern.transform((operation): AllowConfig => ({ operation })),
    section({ operation: pattern, on: z.array(pattern).min(1) }),
  ],
  'must be an operation such as ecat_reset_counters, or { operation: epics_put, on: [PV names] }',
);

/** Operations that change something, and what they may work on. */
export interface AllowConfig {
  readonly operation: string;
  readonly on?: readonly string[];
}

/** Commands on the bus. Durations are seconds, sizes bytes. */
export const commandsSection = section({
  enabled: z.boolean().default(true),
  allow: z.array(allow).default([]),
  deny: z.array(pattern).default([]),
  user: word.default('mqtt'),
  host: word.default('mqtt'),
  ttl: seconds(0.1, 3600).default(10),
  skew: seconds(0, 3600).default(5),
  requireTime: z.boolean().default(false),
  queue: z.int().min(1).max(1000).default(16),
  pending: z.int().min(1).max(100_000).default(256),
  maxPayload: z
    .int()
    .min(100)
    .max(2 ** 24)
    .default(65_536),
  maxDepth: z.int().min(1).max(100).default(16),
  maxAnswer: z
    .int()
    .min(1000)
    .max(2 ** 24)
    .default(262_144),
  share: z
    .string()
    .regex(/^[^/+#$\0]+$/, 'must be a name without / + #')
    .exactOptional(),
});

/** Commands on the bus; one without them says so. */
export type CommandsConfig = z.infer<typeof commandsSection>;

/** Complains of what does not go together. */
export function checkCommands(
  { allow, share }: CommandsConfig,
  version: unknown,
  complain: (path: readonly PropertyKey[], message: string) => void,
): void {
  for (const [at, { operation, on }] of allow.entries()) {
    if (on || !namePattern(operation).test('epics_put')) continue;
    const text = `${operation} may put: say on which PVs, such as { operation: ${operation}, on: ["BL07:*"] }`;
    complain(['commands', 'allow', at], text);
  }
  if (share !== undefined && String(version) !== '5') {
    complain(['commands', 'share'], 'needs version: 5 of MQTT');
  }
}
