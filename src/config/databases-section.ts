import { z } from 'zod';
import { section } from './issue-text.ts';
import { word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** A database or substitutions file, and macros for it as `A=1,B=2`. */
export interface DatabaseConfig {
  readonly file: string;
  readonly macros: string;
}

const database = z.union(
  [word, section({ file: word, macros: z.string().default('') })],
  'must be a file, or { file, macros }',
);

export const databasesSection = z.array(database).default([]);

export function databasesOf(
  given: z.infer<typeof databasesSection>,
  { near }: Surroundings,
): readonly DatabaseConfig[] {
  return given.map((each) => {
    const { file, macros } = typeof each === 'string' ? { file: each, macros: '' } : each;
    return { file: near(file), macros };
  });
}
