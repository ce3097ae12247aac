import { z } from 'zod';
import { section } from './issue-text.ts';
import { word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** Where shells on the IOC are. */
export interface ConsoleConfig {
  /** Unix socket; none without a path. */
  readonly socket?: string;
  /** `auto`: on standard input where that is a terminal of ours. */
  readonly stdin: 'auto' | 'always' | 'never';
}

export const consoleSection = section({
  socket: word.exactOptional(),
  stdin: z.enum(['auto', 'always', 'never']).default('auto'),
});

export function consoleOf(
  { socket, stdin }: z.infer<typeof consoleSection>,
  { near }: Surroundings,
): ConsoleConfig {
  return { stdin, ...(socket !== undefined && { socket: near(socket) }) };
}
