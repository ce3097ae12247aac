import { decoded, IocError, MalformedFrame, Reader } from '../kernel/index.ts';
import { readBytes } from './access.ts';
import { AdsError, AdsErrorCode } from './ads-error.ts';
import { type AmsAddress, formatAddress } from './ams.ts';
import type { AdsClient } from './client.ts';
import { IndexGroup } from './index-group.ts';
import { MAX_PACKET } from './packet.ts';
import { type AdsSymbol, symbolEntry } from './symbol-entry.ts';
import { type UploadInfo, uploadInfo } from './upload-info.ts';

/** All symbols of a server, in the order of its table. */
export async function uploadSymbols(
  client: AdsClient,
  target: AmsAddress,
  signal?: AbortSignal,
): Promise<AdsSymbol[]> {
  const { symbolBytes } = await readUploadInfo(client, target, signal);
  if (symbolBytes > MAX_PACKET) {
    const where = formatAddress(target);
    throw new IocError('ads/symbol-table', `Symbol table of ${where} claims ${symbolBytes} bytes`);
  }
  if (symbolBytes === 0) return [];
  const place = { group: IndexGroup.symbolUpload, offset: 0, length: symbolBytes };
  return decodeSymbols(await readBytes(client, target, place, signal));
}

/** The size of the table, by the newer group and, from servers that lack it, by the older one. */
export async function readUploadInfo(
  client: AdsClient,
  target: AmsAddress,
  signal?: AbortSignal,
): Promise<UploadInfo> {
  const read = async (group: number, length: number) =>
    decoded(
      uploadInfo,
      await readBytes(client, target, { group, offset: 0, length }, signal),
      `Symbol upload info of ${formatAddress(target)}`,
    );
  try {
    return await read(IndexGroup.symbolUploadInfo2, 24);
  } catch (error) {
    if (!(error instanceof AdsError && olderServer.has(error.adsCode))) throw error;
    return await read(IndexGroup.symbolUploadInfo, 8);
  }
}

const olderServer: ReadonlySet<number> = new Set([
  AdsErrorCode.serviceNotSupported,
  AdsErrorCode.invalidGroup,
  AdsErrorCode.invalidOffset,
  AdsErrorCode.invalidSize,
]);

/** The entries of a whole symbol table; throws MalformedFrame naming the entry that is broken. */
export function decodeSymbols(table: Uint8Array): AdsSymbol[] {
  const symbols: AdsSymbol[] = [];
  const r = new Reader(table);
  while (r.remaining > 0) {
    const start = r.offset;
    try {
      symbols.push(symbolEntry.decode(r));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const what = `Symbol ${symbols.length} at byte ${start} of the table`;
      throw new MalformedFrame(what, table.subarray(start), { cause });
    }
  }
  return symbols;
}
