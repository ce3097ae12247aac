import { z } from 'zod';
import { amsNetId, amsPort as toAmsPort } from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';
import { type Datatype, iecDatatype, iecDatatypes } from '../model/index.ts';

/** A text with something in it. */
export const word = z.string().min(1, 'must not be empty');

/** A whole number of `bits` bits without sign. */
export const unsigned = (bits: number) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1);

/** A duration in seconds. */
export const seconds = (low: number, high: number) => z.number().min(low).max(high);

/** A TCP port; 0 is any free one. */
export const tcpPort = z.int().min(0).max(65535);

/** Six numbers with dots: `5.1.2.3.1.1`. */
export const netId = z.string().transform((value, context) => {
  try {
    return amsNetId(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

/** An AMS port. */
export const amsPort = z.int().min(0).max(65535).transform(toAmsPort);

/** A piece of a PV name: what EPICS allows in one. */
export const namePart = z
  .string()
  .regex(/^[\w:;<>[\]-]+$/, 'must consist of letters, digits and _ - : ; < > [ ], as PV names do');

/** A piece of a PV name with `{id}`, `{node}`, `{position}` or `{type}`; `{node:02}` pads. */
export const nameTemplate = z
  .string()
  .regex(
    /^([\w:;<>[\]-]|\{(id|node|position|type)(:0?\d)?\})+$/,
    'must be a piece of a PV name with {id}, {node}, {position} or {type}, such as RIO{node} or RIO{node:02}',
  );

/** `INT`, `BIT3` (an unsigned field of 3 bits), `INT[50]` (an array), `STRING(20)`. */
export const datatype = z.string().transform((name, context): Datatype => {
  const found = iecDatatype(name);
  if (found) return found;
  context.addIssue({
    code: 'custom',
    message: `"${name}" is not a datatype; use ${iecDatatypes}`,
  });
  return z.NEVER;
});
