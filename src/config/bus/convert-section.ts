import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config-error.ts';
import { section } from '../issue-text.ts';
import { seconds, word } from '../scalars.ts';
import type { Surroundings } from '../surroundings.ts';
import { shippedConverters } from '../terminal-folder.ts';
import { readYaml } from '../yaml-file.ts';

/** A topic to subscribe to: `+` is a level of its own, `#` the last one. */
const filter = z
  .string()
  .regex(
    /^(\+|[^+#/\0]*)(\/(\+|[^+#/\0]*))*(\/#)?$|^#$/,
    'must be a topic, with + for a level and # for the last ones',
  )
  .min(1);

const topic = word.regex(/^[^+#\0]+$/, 'must be a topic, without + and #');

const pointer = z
  .string()
  .regex(/^(\/([^/~]|~[01])*)*$/, 'must be a JSON pointer: /key/0, ~1 for / and ~0 for ~ in a key');

const pvTemplate = word.regex(
  /^([\w:;<>[\]-]|\{(\d+|ioc)\})+$/,
  'must be a PV name, with {1}, {2} … for the levels of wildcards and {ioc} for the prefix',
);

const payload = z
  .string()
  .refine(
    (text) => [...text.matchAll(/\{([a-z]+)\}/g)].every(([, name = '']) => known.has(name)),
    'may have {v}, {s}, {t}, {u}, {sev} and {pv}',
  );

const known = new Set(['v', 's', 't', 'u', 'sev', 'pv']);

/** Words that an address has between commas. */
const listed = word.regex(/^[^,]+$/, 'must have no comma');

const inRule = section({
  topic: filter,
  pv: pvTemplate,
  type: z.enum(['number', 'integer', 'boolean', 'enum', 'text', 'array']).default('number'),
  json: pointer.exactOptional(),
  scale: z.number().exactOptional(),
  offset: z.number().exactOptional(),
  unit: z.string().max(15).exactOptional(),
  precision: z.int().min(0).max(15).exactOptional(),
  description: z.string().exactOptional(),
  states: z.array(z.string().max(25)).min(1).max(16).exactOptional(),
  words: z.record(z.string(), z.number()).exactOptional(),
  quality: pointer.exactOptional(),
  good: z.array(listed).min(1).exactOptional(),
  time: pointer.exactOptional(),
  timeout: seconds(0.1, 1e8).exactOptional(),
  qos: z.literal([0, 1]).default(1),
  retained: z.enum(['take', 'ignore', 'stale']).default('take'),
  optional: z.boolean().default(false),
  length: z.int().min(1).max(1_000_000).default(256),
  fields: z.record(word, z.union([z.string(), z.number()])).default({}),
  most: z.int().min(1).max(100_000).default(1000),
}).check(({ value, issues }) => {
  const complain = (key: string, message: string) =>
    issues.push({ code: 'custom', path: [key], message, input: value });
  const wild = value.topic.split('/').filter((level) => level === '+' || level === '#').length;
  const used = [...value.pv.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number));
  if (used.some((number) => number < 1 || number > wild)) {
    complain('pv', `the topic has ${wild} wildcards: {1} is the first`);
  }
  if (wild > 0 && used.length === 0) complain('pv', 'needs {1}: every topic would be one PV');
  if (Object.keys(value.words ?? {}).some((key) => key === '' || key.includes(','))) {
    complain('words', 'must not be empty, and must have no comma');
  }
  if (value.scale === 0) complain('scale', 'must not be 0');
  if ((value.quality ?? value.time) !== undefined && value.json === undefined) {
    complain('json', 'is missing; quality and time lie in a JSON document, as the value does');
  }
});

const outRule = section({
  pv: word,
  topic,
  payload: payload.exactOptional(),
  retain: z.boolean().default(false),
  qos: z.literal([0, 1]).default(1),
  period: seconds(0, 86_400).default(0),
  onChange: z.boolean().default(true),
  onConnect: z.boolean().default(false),
  invalid: z.boolean().default(false),
});

/** A file of rules, to be shared. */
export const convertFile = section({
  in: z.array(inRule).default([]),
  out: z.array(outRule).default([]),
});

/** Topics of other devices that become PVs, and PVs that are written to them. */
export const convertSection = section({
  files: z.array(word).default([]),
  in: z.array(inRule).default([]),
  out: z.array(outRule).default([]),
});

/** The rules of a converter, as the bus takes them. */
export type ConvertConfig = ReturnType<typeof convertOf>;

/** Rules of the section and of its files; a file that is not beside the configuration is a shipped one. */
export function convertOf(
  given: z.infer<typeof convertSection>,
  iocPrefix: string,
  around: Surroundings,
) {
  const files = given.files.map((file, at) => rulesIn(file, at, around));
  const all = [given, ...files];
  const named = (pv: string) => pv.replaceAll('{ioc}', iocPrefix);
  return {
    in: all.flatMap((each) =>
      each.in.map(({ optional, fields, pv, ...rule }) => ({
        ...rule,
        pv: named(pv),
        isOptional: optional,
        fields: Object.fromEntries(
          Object.entries(fields).map(([key, text]) => [key, String(text)]),
        ),
      })),
    ),
    out: all.flatMap((each) =>
      each.out.map(({ invalid, pv, ...rule }) => ({
        ...rule,
        pv: named(pv),
        sendsInvalid: invalid,
      })),
    ),
  };
}

function rulesIn(file: string, at: number, around: Surroundings): z.infer<typeof convertFile> {
  const own = around.near(file);
  const shipped = join(shippedConverters, file);
  const path = existsSync(own) || !existsSync(shipped) ? own : shipped;
  try {
    return readYaml(path, convertFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) around.report(problem);
    if (!existsSync(path)) around.complain(['files', at], `${file} is neither here nor shipped`);
    return { in: [], out: [] };
  }
}
