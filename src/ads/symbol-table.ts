import { decoded } from '../kernel/index.ts';
import { readBytes } from './access.ts';
import { AdsError, AdsErrorCode } from './ads-error.ts';
import { type AmsAddress, formatAddress } from './ams.ts';
import type { AdsClient } from './client.ts';
import { IndexGroup } from './index-group.ts';
import { type AdsSymbol, symbolEntry } from './symbol-entry.ts';
import { decodeTable, readTable, type UploadOptions } from './table-read.ts';
import { type UploadInfo, uploadInfo } from './upload-info.ts';

/** All symbols of a server, in the order of its table. */
export async function uploadSymbols(
  client: AdsClient,
  target: AmsAddress,
  options: UploadOptions = {},
  signal?: AbortSignal,
): Promise<AdsSymbol[]> {
  const { symbolBytes: bytes } = await readUploadInfo(client, target, signal);
  const table = { group: IndexGroup.symbolUpload, bytes, name: 'Symbol table' };
  return decodeSymbols(await readTable(client, target, table, options, signal));
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
  return decodeTable(table, symbolEntry, 'Symbol');
}
