import { z } from 'zod';
import { section } from './issue-text.ts';
import { seconds, word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** Port of log servers that name none. */
const SERVER_PORT = 7011;

/** Which puts are logged, how, and where to. */
export interface PutLogConfig {
  readonly mode: 'changes' | 'all' | 'every';
  readonly format: 'text' | 'json';
  readonly burst: number;
  readonly prefix: string;
  readonly site: Readonly<Record<string, string>>;
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  readonly file?: { readonly path: string; readonly maxBytes: number; readonly keep: number };
  readonly pv?: string;
}

/** `host` or `host:port`. */
const server = z.string().transform((text, context) => {
  const [, host, port] = /^([\w.-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = Number(port ?? SERVER_PORT);
  if (host !== undefined && number > 0 && number <= 65535) return { host, port: number };
  context.addIssue({ code: 'custom', message: `"${text}" is not host or host:port` });
  return z.NEVER;
});

const file = section({
  path: word,
  maxBytes: z
    .int()
    .min(1000)
    .max(2 ** 31)
    .default(10_000_000),
  keep: z.int().min(0).max(1000).default(5),
});

export const putLogSection = section({
  mode: z.enum(['off', 'changes', 'all', 'every']).default('changes'),
  format: z.enum(['text', 'json']).default('text'),
  servers: z.array(server).default([]),
  burst: seconds(0.1, 3600).default(5),
  prefix: z.string().default(''),
  site: z.record(word, z.string()).default({}),
  file: file.exactOptional(),
  pv: word.exactOptional(),
});

export function putLogOf(
  given: z.infer<typeof putLogSection> | undefined,
  { near, complain }: Surroundings,
): PutLogConfig | undefined {
  if (given === undefined || given.mode === 'off') return undefined;
  const { file, servers, pv, mode, ...rest } = given;
  if (servers.length === 0 && file === undefined && pv === undefined) {
    complain(['putLog'], 'goes nowhere: give servers, file or pv');
  }
  return {
    ...rest,
    ...{ mode, servers },
    ...(file && { file: { ...file, path: near(file.path) } }),
    ...(pv !== undefined && { pv }),
  };
}
