import type { z } from 'zod';
import type { JsonObject } from './json.ts';
import { CommandFailure } from './operation.ts';

/**
 * The fields of a command that an operation knows; what else is there is its asker's business. Throws
 * a `CommandFailure` that names every field that is wrong.
 */
export function inputOf<T>(schema: z.ZodType<T>, input: JsonObject): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const texts = parsed.error.issues.map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join('.')}: ${message}`;
  });
  throw new CommandFailure(`bad input: ${texts.join('; ')}`);
}
