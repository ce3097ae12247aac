import { z } from 'zod';
import { section } from './issue-text.ts';

/** What the IOC tells of itself, and what clients may ask of it. */
export const iocStatsSection = section({
  enabled: z.boolean().default(true),
  reset: z.boolean().default(false),
  engineer: z.string().exactOptional(),
  location: z.string().exactOptional(),
});
