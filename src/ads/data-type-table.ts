import type { AmsAddress } from './ams.ts';
import type { AdsClient } from './client.ts';
import { type DataTypeEntry, dataTypeEntry } from './data-type-entry.ts';
import { IndexGroup } from './index-group.ts';
import { readUploadInfo } from './symbol-table.ts';
import { decodeTable, readTable, type UploadOptions } from './table-read.ts';

/**
 * All data types of a server (0xF00E), in the order of its table; none from servers that have no
 * such table. Base types may be missing.
 */
export async function uploadDataTypes(
  client: AdsClient,
  target: AmsAddress,
  options: UploadOptions = {},
  signal?: AbortSignal,
): Promise<DataTypeEntry[]> {
  const { dataTypeBytes: bytes } = await readUploadInfo(client, target, signal);
  const table = { group: IndexGroup.dataTypeUpload, bytes, name: 'Data type table' };
  return decodeDataTypes(await readTable(client, target, table, options, signal));
}

/** The entries of a whole data type table; throws MalformedFrame naming the entry that is broken. */
export function decodeDataTypes(table: Uint8Array): DataTypeEntry[] {
  return decodeTable(table, dataTypeEntry, 'Data type');
}
