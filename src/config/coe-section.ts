import { z } from 'zod';
import {
  type CoeEntry,
  type CoeObject,
  type Datatype,
  encodeValue,
  snakeCase,
} from '../model/index.ts';
import { section } from './issue-text.ts';
import { presentation, presentationOf } from './presentation.ts';
import { datatype, unsigned, word } from './scalars.ts';

const access = z.enum(['r', 'rw']);

/** `17`, or `1..40` for entries that differ in nothing but their number. */
const subindices = z
  .union([unsigned(8), z.string().regex(/^\d+\.\.\d+$/)], 'must be a subindex or first..last')
  .transform((given, context) => {
    const [first = 0, last = first] = String(given).split('..').map(Number);
    if (last < first || last > 255) {
      context.addIssue({ code: 'custom', message: 'must rise and stay below 256' });
      return z.NEVER;
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

const entry = section({
  sub: subindices,
  name: word,
  attribute: z
    .string()
    .regex(/^[a-z0-9_]+$/, 'must be lower-case words joined by _')
    .optional(),
  type: datatype,
  access: access.optional(),
  default: z.union([z.number(), z.boolean(), z.string()]).optional(),
  ...presentation,
});

/** An object of the CoE dictionary, repeated every `step` indices over its channels. */
export const coeObject = section({
  index: unsigned(16),
  name: word,
  channels: z.int().min(1).max(64).optional(),
  step: unsigned(16).default(0x10),
  access: access.default('r'),
  protected: z.boolean().optional(),
  subindices: z.array(entry).min(1),
});

type Given = z.infer<typeof coeObject>;
type GivenEntry = z.infer<typeof entry>;

/** The objects of all channels. */
export function coeObjectsOf(given: Given): CoeObject[] {
  return Array.from({ length: given.channels ?? 1 }, (_, channel) => {
    const index = given.index + channel * given.step;
    return {
      index,
      name: given.name.replaceAll('{channel}', String(channel + 1)),
      ...((given.protected ?? isCalibration(index)) && { protected: true }),
      entries: given.subindices.flatMap((row) => coeEntries(row, index, given.access)),
    };
  });
}

/** 80nE and 80nF: internal, calibration and vendor data of a channel (ETG.5001 profile). */
function isCalibration(index: number): boolean {
  return (index & 0xf00e) === 0x800e;
}

function coeEntries(row: GivenEntry, index: number, objectAccess: 'r' | 'rw'): CoeEntry[] {
  return row.sub.map((subindex) => {
    const name = row.name.replaceAll('{sub}', String(subindex).padStart(3, '0'));
    return {
      name: `${row.attribute ?? snakeCase(name)}_idx${index.toString(16)}`,
      description: name,
      subindex,
      datatype: row.type,
      access: row.access ?? objectAccess,
      ...(row.default !== undefined && { default: hexOf(row.type, row.default) }),
      ...presentationOf(row),
    };
  });
}

/** The bytes that a terminal answers after power-up, little-endian. */
function hexOf(type: Datatype, value: number | boolean | string): string {
  const bytes = encodeValue(type, typeof value === 'boolean' ? Number(value) : value);
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
