import { z } from 'zod';
import { section } from './issue-text.ts';
import { word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** Where access security has its rules from. */
export interface AccessConfig {
  readonly file: string;
  readonly macros?: string;
  readonly hosts: 'address' | 'claimed';
}

export const accessSection = section({
  file: word,
  macros: word.exactOptional(),
  hosts: z.enum(['address', 'claimed']).default('address'),
});

export function accessOf(
  given: z.infer<typeof accessSection> | undefined,
  { near }: Surroundings,
): AccessConfig | undefined {
  return given && { ...given, file: near(given.file) };
}
