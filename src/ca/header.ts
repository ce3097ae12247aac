/** Protocol minor version of this server: CA 4.13 (facts/ca.md). */
export const MINOR_VERSION = 13;

/** Oldest client that can open channels here: server side channel creation came with 4.4. */
export const OLDEST_MINOR = 4;

/** First minor version that understands the 24-byte header. */
export const EXTENDED_HEADER_MINOR = 9;

export const HEADER_SIZE = 16;
export const EXTENDED_HEADER_SIZE = 24;

/** "Take the sender's address" in search replies, "no channel" in errors. */
export const NONE = 0xffff_ffff;

/** Command numbers (facts/ca.md section 2). */
export const CommandId = {
  version: 0,
  eventAdd: 1,
  eventCancel: 2,
  read: 3,
  write: 4,
  search: 6,
  eventsOff: 8,
  eventsOn: 9,
  readSync: 10,
  error: 11,
  clearChannel: 12,
  rsrvIsUp: 13,
  notFound: 14,
  readNotify: 15,
  repeaterConfirm: 17,
  createChan: 18,
  writeNotify: 19,
  clientName: 20,
  hostName: 21,
  accessRights: 22,
  echo: 23,
  repeaterRegister: 24,
  createChFail: 26,
  serverDisconnect: 27,
} as const;

/** ECA status codes that a server sends (facts/ca.md section 4). */
export const Eca = {
  normal: 1,
  allocMem: 48,
  tooLarge: 72,
  badType: 114,
  internal: 142,
  getFail: 152,
  putFail: 160,
  badMonitorId: 242,
  defunct: 278,
  putCbInProgress: 362,
  noReadAccess: 368,
  noWriteAccess: 376,
  arrayClient16k: 464,
} as const;
export type Eca = (typeof Eca)[keyof typeof Eca];

/**
 * One received message: its header, and where it lies in the received bytes. Reused for the next
 * message, so borrowed for the call only.
 */
export interface Request {
  command: number;
  /** Payload bytes, padding included. */
  size: number;
  /** DBR type, or what the command makes of it. */
  type: number;
  count: number;
  p1: number;
  p2: number;
  bytes: Buffer;
  view: DataView;
  /** Where the header begins in `bytes`, and how long it is: 16 or 24. */
  headerAt: number;
  headerSize: number;
  payloadAt: number;
}

/** Reads the 16-byte part of a header at `at`. */
// hot path
export function readHeader(request: Request, bytes: Buffer, view: DataView, at: number): void {
  request.bytes = bytes;
  request.view = view;
  request.headerAt = at;
  request.headerSize = HEADER_SIZE;
  request.payloadAt = at + HEADER_SIZE;
  request.command = view.getUint16(at);
  request.size = view.getUint16(at + 2);
  request.type = view.getUint16(at + 4);
  request.count = view.getUint16(at + 6);
  request.p1 = view.getUint32(at + 8);
  request.p2 = view.getUint32(at + 12);
}

/** Reads the 8 bytes that follow an extended header's first 16. */
export function readExtension(request: Request): void {
  request.headerSize = EXTENDED_HEADER_SIZE;
  request.payloadAt = request.headerAt + EXTENDED_HEADER_SIZE;
  request.size = request.view.getUint32(request.headerAt + HEADER_SIZE);
  request.count = request.view.getUint32(request.headerAt + HEADER_SIZE + 4);
}

/** A request to reuse, before anything was received. */
export function emptyRequest(): Request {
  const bytes = Buffer.alloc(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 0);
  const place = { bytes, view, headerAt: 0, headerSize: HEADER_SIZE, payloadAt: HEADER_SIZE };
  return { command: 0, size: 0, type: 0, count: 0, p1: 0, p2: 0, ...place };
}

/** The payload's text up to its first NUL; the last byte counts as NUL (facts/ca.md section 2.1). */
export function payloadText(request: Request): string {
  return textAt(request.bytes, request.payloadAt, payloadTextEnd(request));
}

/** Where that text ends. */
// hot path
export function payloadTextEnd({ bytes, payloadAt, size }: Request): number {
  const last = payloadAt + size - 1;
  let end = payloadAt;
  while (end < last && bytes[end] !== 0) end++;
  return end;
}

/** UTF-8 text between two offsets. */
export function textAt(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('utf8', from, to);
}
