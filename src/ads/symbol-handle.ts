import { type Codec, cp1252Bytes, decoded, encoded } from '../kernel/index.ts';
import { exchangeBytes, readBytes, writeBytes } from './access.ts';
import { AdsError } from './ads-error.ts';
import { type AmsAddress, formatAddress } from './ams.ts';
import { IndexGroup } from './index-group.ts';
import type { Invoker } from './lane.ts';

/**
 * A handle for the symbol of that name, for `IndexGroup.symbolValueByHandle`; whoever acquires it
 * releases it. An AdsError names the symbol.
 */
export async function acquireSymbol(
  client: Invoker,
  target: AmsAddress,
  name: string,
  signal?: AbortSignal,
): Promise<number> {
  const place = { group: IndexGroup.symbolHandleByName, offset: 0, length: 4 };
  const what = `Handle of symbol "${name}" on ${formatAddress(target)}`;
  try {
    const bytes = Uint8Array.of(...cp1252Bytes(name), 0);
    return decoded(u32, await exchangeBytes(client, target, place, bytes, signal), what);
  } catch (error) {
    if (!(error instanceof AdsError)) throw error;
    throw new AdsError(error.code, error.adsCode, `${what}: ${error.message}`, { cause: error });
  }
}

export async function releaseSymbol(
  client: Invoker,
  target: AmsAddress,
  handle: number,
  signal?: AbortSignal,
): Promise<void> {
  const place = { group: IndexGroup.symbolReleaseHandle, offset: 0 };
  await writeBytes(client, target, place, encoded(u32, handle), signal);
}

/** A number that is another one after each download: handles and offsets are stale then. */
export async function readSymbolVersion(
  client: Invoker,
  target: AmsAddress,
  signal?: AbortSignal,
): Promise<number> {
  const place = { group: IndexGroup.symbolVersion, offset: 0, length: 4 };
  const bytes = await readBytes(client, target, place, signal);
  // Servers answer with one byte or with four.
  return bytes.reduceRight((high, byte) => high * 0x100 + byte, 0);
}

const u32: Codec<number> = { encode: (w, n) => w.u32(n), decode: (r) => r.u32() };
