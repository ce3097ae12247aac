import { z } from 'zod';
import { section } from './issue-text.ts';
import { seconds, word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** Which values are saved to files and come back at the next start. Times in seconds. */
export interface AutosaveConfig {
  readonly folder: string;
  /** Folders of request files. */
  readonly requests: readonly string[];
  readonly sets: readonly SaveSetConfig[];
  readonly sequence: { readonly files: number; readonly period: number };
  readonly retry: number;
  readonly incomplete: boolean;
  readonly copies: number;
  /** What the names of the status PVs begin with. */
  readonly status: string;
}

/** A set of PVs in one file. */
export interface SaveSetConfig {
  readonly request: string;
  readonly macros: string;
  /** Before (0) and after (1) records are initialised. */
  readonly passes: readonly (0 | 1)[];
  readonly method: 'monitored' | 'periodic' | 'triggered' | 'manual';
  readonly period: number;
  readonly trigger?: string;
  /** Info tag by which records name fields of the set. */
  readonly tag?: string;
}

const set = section({
  request: word,
  macros: z.string().exactOptional(),
  pass: z.union([z.literal(0), z.literal(1), z.enum(['both', 'never'])]).default('both'),
  method: z.enum(['monitored', 'periodic', 'triggered', 'manual']).default('monitored'),
  period: seconds(4, 86_400).default(30),
  trigger: word.exactOptional(),
  tag: word.exactOptional(),
});

const sequence = section({
  files: z.int().min(0).max(10).default(3),
  period: seconds(10, 86_400).default(60),
});

/** The names that epics-containers gives the two sets of every IOC (facts, section 3.5). */
const usualSets: z.input<typeof set>[] = [
  { request: 'autosave_positions.req', pass: 0, period: 5, tag: 'autosaveFields_pass0' },
  { request: 'autosave_settings.req', pass: 1, period: 30, tag: 'autosaveFields' },
];

export const autosaveSection = section({
  folder: word,
  requests: z.array(word).default([]),
  sets: z.array(set).prefault(usualSets),
  sequence: sequence.prefault({}),
  retry: seconds(10, 3600).default(60),
  incomplete: z.boolean().default(true),
  copies: z.int().min(0).max(1000).default(10),
  status: word.exactOptional(),
});

export function autosaveOf(
  given: z.infer<typeof autosaveSection> | undefined,
  prefix: string,
  { near, complain }: Surroundings,
): AutosaveConfig | undefined {
  if (given === undefined) return undefined;
  const { folder, requests, sets, status = `${prefix}:`, ...rest } = given;
  const files = sets.map(({ request }) => saveName(request));
  for (const [index, { method, trigger, request }] of sets.entries()) {
    if (method === 'triggered' && trigger === undefined) {
      complain(['autosave', 'sets', index], 'a triggered set needs the PV that is its trigger');
    }
    if (files.indexOf(saveName(request)) < index) {
      complain(['autosave', 'sets', index, 'request'], 'there is a set of that name already');
    }
  }
  return {
    ...rest,
    ...{ folder: near(folder), requests: requests.map(near), status },
    sets: sets.map(({ pass, macros = `P=${prefix}:`, ...each }) => {
      return { ...each, macros, passes: passesOf(pass) };
    }),
  };
}

function passesOf(pass: z.infer<typeof set>['pass']): readonly (0 | 1)[] {
  if (typeof pass === 'number') return [pass];
  return pass === 'both' ? [0, 1] : [];
}

/** Sets are told apart by their save files, which have the names of the request files. */
function saveName(request: string): string {
  return request.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
}
