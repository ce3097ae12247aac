import { IocError, MalformedFrame, Reader } from '../kernel/index.ts';
import { readBytes } from './access.ts';
import { AdsError } from './ads-error.ts';
import { type AmsAddress, formatAddress } from './ams.ts';
import type { AdsClient } from './client.ts';
import { MAX_PACKET } from './packet.ts';

export type UploadOptions = {
  /**
   * Most bytes of one answer; without it a table comes in one. For brokers that limit messages:
   * pages are read by byte offset, which servers may lack, and then the upload fails and says so.
   */
  readonly maxReadBytes?: number | undefined;
};

/** Which table, how big it claims to be, and what to call it: `Symbol table`. */
export type TableClaim = { readonly group: number; readonly bytes: number; readonly name: string };

/** The whole of a server's symbol or data type table. */
export async function readTable(
  client: AdsClient,
  target: AmsAddress,
  { group, bytes, name }: TableClaim,
  { maxReadBytes = MAX_PACKET }: UploadOptions,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const what = `${name} of ${formatAddress(target)}`;
  if (bytes > MAX_PACKET) throw new IocError('ads/symbol-table', `${what} claims ${bytes} bytes`);
  if (bytes === 0) return new Uint8Array(0);
  const read = (offset: number) => {
    const length = Math.min(maxReadBytes, bytes - offset);
    return readBytes(client, target, { group, offset, length }, signal);
  };
  if (bytes <= maxReadBytes) return read(0);
  return readPages(what, bytes, read);
}

async function readPages(
  what: string,
  bytes: number,
  read: (offset: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const table = new Uint8Array(bytes);
  for (let offset = 0; offset < bytes; ) {
    const page = await read(offset).catch((cause: unknown) => {
      throw cause instanceof AdsError && cause.code === 'ads/refused'
        ? unpaged(what, cause)
        : cause;
    });
    const isFirstAgain = offset > 0 && startsWith(table, page);
    if (page.length === 0 || page.length > bytes - offset || isFirstAgain) throw unpaged(what);
    table.set(page, offset);
    offset += page.length;
  }
  return table;
}

/** A server that ignores the offset gives the first page for ever. */
function startsWith(table: Uint8Array, page: Uint8Array): boolean {
  return page.length >= 8 && page.every((byte, i) => byte === table[i]);
}

function unpaged(what: string, cause?: unknown): IocError {
  const text =
    `${what}: the server does not give it in pages: ` +
    'raise the message limit of the broker and maxReadBytes with it';
  return new IocError('ads/symbol-table', text, { cause });
}

/** The entries of a whole table; throws MalformedFrame naming the entry that is broken. */
export function decodeTable<T>(
  table: Uint8Array,
  entry: { decode(r: Reader): T },
  name: string,
): T[] {
  const entries: T[] = [];
  const r = new Reader(table);
  while (r.remaining > 0) {
    const start = r.offset;
    try {
      entries.push(entry.decode(r));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const what = `${name} ${entries.length} at byte ${start} of the table`;
      throw new MalformedFrame(what, table.subarray(start), { cause });
    }
  }
  return entries;
}
