import type { Circuit } from '../circuit.ts';
import { Eca, NONE, payloadText, type Request } from '../header.ts';

const LONGEST_NAME = 511;

/**
 * The text of CLIENT_NAME or HOST_NAME. Undefined, and answered, when it comes too late or is none
 * (facts/ca.md section 2.1).
 */
export function claimedName(circuit: Circuit, request: Request): string | undefined {
  const { bytes, payloadAt, size } = request;
  if (circuit.channels.size > 0) {
    circuit.error(request, NONE, Eca.internal, 'names must come before the first channel');
    return undefined;
  }
  const nul = bytes.indexOf(0, payloadAt);
  if (nul < 0 || nul >= payloadAt + size || nul - payloadAt > LONGEST_NAME) {
    circuit.refuse(request, NONE, Eca.internal, 'name without NUL or longer than 511 bytes');
    return undefined;
  }
  return payloadText(request);
}
