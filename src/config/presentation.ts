import { z } from 'zod';
import type { EnumLabel, Presentation, Scale } from '../model/index.ts';
import { section } from './issue-text.ts';

const pair = z.tuple([z.number(), z.number()], 'must be two numbers: [low, high]');

/** One number is a factor; two points of a line are often easier to find in a manual. */
const scale = z
  .union(
    [
      z.number(),
      section({ raw: pair, value: pair }),
      section({ slope: z.number(), offset: z.number() }),
    ],
    'must be a factor, { raw: [low, high], value: [low, high] } or { slope, offset }',
  )
  .transform((given, context): Scale => {
    if (typeof given === 'number') return { slope: given, offset: 0 };
    if ('slope' in given) return given;
    const [[rawLow, rawHigh], [low, high]] = [given.raw, given.value];
    if (rawLow === rawHigh) {
      context.addIssue({ code: 'custom', message: 'raw: the two numbers must differ' });
      return z.NEVER;
    }
    const slope = (high - low) / (rawHigh - rawLow);
    return { slope, offset: low - rawLow * slope };
  });

/** Labels of 0, 1, 2 … in order, or of the values that they are keyed by. */
const labels = z
  .union(
    [z.array(z.string()).min(1), z.record(z.string().regex(/^\d+$/), z.string())],
    'must be a list of texts for 0, 1, 2 …, or a map from value to text',
  )
  .transform((given): EnumLabel[] =>
    Array.isArray(given)
      ? given.map((label, value) => ({ value, label }))
      : Object.entries(given).map(([value, label]) => ({ value: Number(value), label })),
  );

/** Keys that say how a number is shown to people. */
export const presentation = {
  unit: z.string().optional(),
  precision: z.int().min(0).max(15).optional(),
  scale: scale.optional(),
  range: pair.optional(),
  limits: pair.optional(),
  labels: labels.optional(),
};

type Given = {
  readonly unit?: string | undefined;
  readonly precision?: number | undefined;
  readonly scale?: Scale | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly limits?: readonly [number, number] | undefined;
  readonly labels?: readonly EnumLabel[] | undefined;
};

/** The members of `Presentation` that were given. */
export function presentationOf(given: Given): Presentation {
  const { unit, precision, scale, range, limits, labels } = given;
  return {
    ...(unit !== undefined && { unit }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(range !== undefined && { range: { low: range[0], high: range[1] } }),
    ...(limits !== undefined && { limits: { low: limits[0], high: limits[1] } }),
    ...(labels !== undefined && { labels }),
  };
}
