import { CommandId, emptyRequest, type Request } from './header.ts';
import type { Output } from './output.ts';
import { writeText } from './text.ts';

/** Header copy, text and NUL together (facts/ca.md section 2). */
const MOST_DIAGNOSTIC_BYTES = 512;

/** Appends an ERROR: the header of the request that failed, and a text. `cid` NONE: no channel. */
export function appendError(
  out: Output,
  request: Request,
  cid: number,
  status: number,
  text: string,
): void {
  const { headerSize } = request;
  const room = Math.min(text.length * 3, MOST_DIAGNOSTIC_BYTES - headerSize - 1);
  const textBytes = Math.min(Buffer.byteLength(text), room);
  const size = headerSize + textBytes + 1;
  const at = out.message(CommandId.error, size, 0, 0, cid, status);
  out.zero(at, size);
  out.bytes.set(headerOf(request), at);
  writeText(out.bytes, at + headerSize, textBytes, text);
}

/** A request's header on its own, for an answer that comes after its bytes are gone. */
export function keptHeader(request: Request): Request {
  const bytes = Buffer.from(headerOf(request));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const place = { bytes, view, headerAt: 0, headerSize: bytes.length, payloadAt: bytes.length };
  return { ...emptyRequest(), ...request, ...place };
}

function headerOf({ bytes, headerAt, headerSize }: Request): Uint8Array {
  return bytes.subarray(headerAt, headerAt + headerSize);
}
