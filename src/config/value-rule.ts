import { z } from 'zod';
import { messageOf } from '../kernel/index.ts';
import { namePattern, samplePolicies } from '../model/index.ts';
import { section } from './issue-text.ts';
import { seconds, word } from './scalars.ts';

/** A pattern of PV names: `*` and `?`, or a regular expression between slashes. */
export const pattern = word.check((context) => {
  try {
    namePattern(context.value);
  } catch (error) {
    context.issues.push({ code: 'custom', message: messageOf(error), input: context.value });
  }
});

/** How values whose PV names match are brought and kept. */
export const valueRule = section({
  match: pattern,
  mode: z.enum(['on-change', 'cyclic']).exactOptional(),
  cycle: seconds(0, 60).exactOptional(),
  maxDelay: seconds(0, 60).exactOptional(),
  policy: z.enum(samplePolicies).exactOptional(),
  age: seconds(0.1, 86_400).exactOptional(),
  toggle: seconds(0, 86_400).exactOptional(),
});
