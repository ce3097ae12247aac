/**
 * An unexpected failure whose text says what was attempted, on what, and what to do.
 * `code` is `room/what-went-wrong`, stable enough to test and to search for.
 */
export class IocError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'IocError';
    this.code = code;
  }
}

/** Bytes from a peer that are not what the protocol allows; carries a hex excerpt. */
export class MalformedFrame extends IocError {
  constructor(what: string, bytes: Uint8Array, options?: { readonly cause?: unknown }) {
    super('kernel/malformed-frame', `${what}: ${hexExcerpt(bytes)}`, options);
    this.name = 'MalformedFrame';
  }
}

/** The first bytes as spaced hex, for messages: `01 00 ff … (132 bytes)`. */
export function hexExcerpt(bytes: Uint8Array, limit = 48): string {
  const shown = Array.from(bytes.subarray(0, limit), (b) => b.toString(16).padStart(2, '0'));
  return bytes.length > limit ? `${shown.join(' ')} … (${bytes.length} bytes)` : shown.join(' ');
}

/** The message of anything thrown, with its chain of causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${messageOf(error.cause)})`;
}
