import {
  AdsError,
  AdsErrorCode,
  type AmsAddress,
  acquireSymbol,
  type DataTypeEntry,
  dataTypeEntry,
  exchangeBytes,
  formatAddress,
  IndexGroup,
  SymbolFlag,
  symbolEntry,
} from '../../ads/index.ts';
import { cp1252Bytes, decoded, IocError } from '../../kernel/index.ts';
import { byteLength, type Datatype, type EnumLabel, iecDatatype } from '../../model/index.ts';
import { type LiveType, TypeTable } from '../../twincat/index.ts';
import type { Link } from '../link.ts';
import type { AdsLink } from './ads-link.ts';
import type { Found } from './found.ts';

/** Group 0xF011: a data type by its name. */
const DATA_TYPE_BY_NAME = 0xf011;

/** Bytes of a symbol's or a type's entry at most. */
const ENTRY_BYTES = 0xffff;

/**
 * Asks a server for a symbol by its name: what it is, and a handle for it, which the server refuses
 * when symbols were changed. Rejects with what is wrong in words; an AdsError is about the server.
 */
export async function findSymbol(
  { client, signal }: Link,
  target: AmsAddress,
  name: string,
  link: AdsLink,
): Promise<Found> {
  const subject = `"${name}" at ${formatAddress(target)}`;
  const named = (group: number, text: string) => {
    const bytes = Uint8Array.of(...cp1252Bytes(text), 0);
    const place = { group, offset: 0, length: ENTRY_BYTES };
    return exchangeBytes(client, target, place, bytes, signal);
  };
  const entry = await named(IndexGroup.symbolInfoByNameExtended, name).catch((error: unknown) => {
    throw isUnknown(error) ? problem(`there is no symbol ${subject}`, error) : error;
  });
  const symbol = decoded(symbolEntry, entry, `Symbol ${subject}`);
  const isNamed = /^\w+$/.test(symbol.typeName) && iecDatatype(symbol.typeName) === undefined;
  const types = isNamed ? await typeOf(named, symbol.typeName) : [];
  const live = new TypeTable(types).typeOf({ ...symbol, bits: 8 * Math.max(1, symbol.size) });
  const { datatype, labels } = typed(live, link, symbol.size, subject);
  const offset = await acquireSymbol(client, target, name, signal);
  const isReadOnly = (symbol.flags & SymbolFlag.readOnly) !== 0;
  return {
    ...{ target, group: IndexGroup.symbolValueByHandle, offset, isHandle: true },
    ...{ length: Math.max(1, symbol.size), datatype },
    ...(labels && { labels }),
    ...(isReadOnly && { readOnly: `${subject} is read-only` }),
  };
}

/** The entry of a type; none for those that every client knows, and of servers that do not tell. */
async function typeOf(
  named: (group: number, text: string) => Promise<Uint8Array>,
  typeName: string,
): Promise<DataTypeEntry[]> {
  try {
    return [decoded(dataTypeEntry, await named(DATA_TYPE_BY_NAME, typeName), `Type ${typeName}`)];
  } catch (error) {
    if (error instanceof AdsError && error.code === 'ads/refused') return [];
    throw error;
  }
}

function typed(
  live: LiveType,
  { datatype: wanted }: AdsLink,
  size: number,
  subject: string,
): { readonly datatype: Datatype; readonly labels?: readonly EnumLabel[] } {
  if (wanted) {
    if (byteLength(wanted) <= Math.max(1, size)) return { datatype: wanted };
    throw problem(`${subject} has ${size} bytes, the TYPE of the link ${byteLength(wanted)}`);
  }
  if (live.kind === 'value') return live;
  const members = live.members.map(({ name }) => name);
  const some = `${members.slice(0, 5).join(', ')}${members.length > 5 ? ' …' : ''}`;
  throw problem(`${subject} is a structure: name one of its members, ${some}`);
}

function isUnknown(error: unknown): boolean {
  return error instanceof AdsError && error.adsCode === AdsErrorCode.symbolNotFound;
}

/** What concerns one link only, in words. */
export function problem(text: string, cause?: unknown): IocError {
  return new IocError('pipeline/link', text, { cause });
}
