import type { z } from 'zod';
import { type FilesConfig, filesOf, filesSection } from './bus/files-section.ts';
import { type BusLinkConfig, busLinkKeys, busLinkOf } from './bus/link-section.ts';
import { type PvConfig, pvConfigOf, pvSection } from './bus/pv-section.ts';
import { section } from './issue-text.ts';
import { type Surroundings, within } from './surroundings.ts';

/** The MQTT bus: its broker, and what is served there. */
export interface BusConfig {
  readonly link: BusLinkConfig;
  readonly files: FilesConfig;
  /** Plain topics for each PV; none without it. */
  readonly pv?: PvConfig;
}

export const busSection = section({
  ...busLinkKeys,
  files: filesSection.prefault({}),
  pv: pvSection.exactOptional(),
});

export function busOf(
  given: z.infer<typeof busSection> | undefined,
  prefix: string,
  around: Surroundings,
): BusConfig | undefined {
  if (given === undefined) return undefined;
  return {
    link: busLinkOf(given, prefix, around),
    files: filesOf(given.files, around),
    ...(given.pv && { pv: pvConfigOf(given.pv, prefix, within(around, ['bus', 'pv'])) }),
  };
}
