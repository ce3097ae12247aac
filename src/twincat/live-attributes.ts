import { type AdsSymbol, SymbolFlag } from '../ads/index.ts';
import { byteLength, type Datatype, snakeCase } from '../model/index.ts';
import { inRegion, type PlantAttribute } from './plant-attribute.ts';
import { type ProcessData, placeOf, writeTarget } from './process-attributes.ts';
import { isBit, isOutput } from './symbol-address.ts';
import type { LiveType, TypedPlace } from './type-table.ts';

/** Attributes that the live table alone may give one controller, and how deep structures go. */
const MAX_ATTRIBUTES = 1000;
const MAX_DEPTH = 8;
/** Places looked at for one controller: structures in structures could go on for ever. */
const MAX_VISITS = 10_000;

/** A value somewhere inside a symbol. */
interface Leaf {
  /** `Entry.Sub`, below the symbol; empty for the symbol itself. */
  readonly path: string;
  readonly comment: string;
  readonly bit: number;
  readonly type: Extract<LiveType, { kind: 'value' }>;
}

/**
 * Attributes of symbols that no definition describes, named by their path below `parent`, typed by
 * the plant's own data types. What one of `served` shows already is left out.
 */
export function liveAttributes(
  parent: string,
  symbols: readonly AdsSymbol[],
  process: ProcessData,
  served: readonly PlantAttribute[],
): { attributes: PlantAttribute[]; problems: string[] } {
  const taken = new Set(served.flatMap(placeKey));
  const names = new Set(served.map(({ name }) => name));
  const attributes: PlantAttribute[] = [];
  const budget = { visits: MAX_VISITS };
  let leftOut = 0;
  for (const symbol of symbols) {
    const name = symbol.name.slice(parent === '' ? 0 : parent.length + 1);
    for (const leaf of leavesOf(symbol, process, budget)) {
      const attribute = leafAttribute(name, symbol, leaf, process);
      const [key = ''] = placeKey(attribute);
      if (taken.has(key) || names.has(attribute.name)) continue;
      if (attributes.length < MAX_ATTRIBUTES && attribute.name !== '') attributes.push(attribute);
      else leftOut++;
      taken.add(key);
      names.add(attribute.name);
    }
  }
  const isComplete = leftOut === 0 && budget.visits > 0;
  return { attributes, problems: isComplete ? [] : [tooManyText(parent, leftOut)] };
}

function tooManyText(parent: string, leftOut: number): string {
  const what = leftOut > 0 ? `${leftOut} values` : 'values deep in structures';
  return (
    `${parent}: ${what} of the symbol table beyond the first ${MAX_ATTRIBUTES} are not served; ` +
    'write a definition that names those wanted'
  );
}

function leafAttribute(
  name: string,
  symbol: AdsSymbol,
  { path, comment, bit, type: { datatype, labels } }: Leaf,
  { target }: ProcessData,
): PlantAttribute {
  const full = path === '' ? name : `${name}.${path}`;
  const isWhole = path === '';
  const found = { entry: symbol, exact: isWhole, byte: bit >> 3, bit: bit & 7 };
  const canWrite = isOutput(symbol.group) && (symbol.flags & SymbolFlag.readOnly) === 0;
  const write = canWrite ? writeTarget(found, datatype, target) : undefined;
  const place = { ...placeOf(found, target), ...(write && { write }) };
  const description = comment || symbol.comment || full;
  return inRegion(snakeCase(full), description, datatype, place, labels ? { labels } : {});
}

/** The values inside a symbol, in its order; those that the image cannot address are left out. */
function leavesOf(symbol: AdsSymbol, { types }: ProcessData, budget: { visits: number }): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (place: TypedPlace, path: readonly string[], comment: string, bit: number) => {
    if (budget.visits-- <= 0 || path.length > MAX_DEPTH) return;
    const type = types.typeOf(place);
    if (type.kind === 'value') {
      const isInside = bit + bitLength(type.datatype) <= 8 * Math.max(1, symbol.size);
      if (isInside && isAddressable(type.datatype, bit)) {
        leaves.push({ path: path.join('.'), comment, bit, type });
      }
      return;
    }
    for (const member of type.members) {
      visit(member, [...path, member.name], member.comment, bit + member.bit);
    }
  };
  const bits = isBit(symbol) ? 1 : 8 * symbol.size;
  visit({ ...symbol, bits }, [], symbol.comment, 0);
  return leaves;
}

/** Only single bits and fields of odd widths may begin inside a byte. */
function isAddressable(datatype: Datatype, bit: number): boolean {
  if (datatype.kind === 'bool') return true;
  const isField = datatype.kind === 'int' && datatype.bits % 8 !== 0;
  return isField ? (bit & 7) + datatype.bits <= 32 : bit % 8 === 0;
}

function bitLength(datatype: Datatype): number {
  if (datatype.kind === 'bool') return 1;
  return datatype.kind === 'int' ? datatype.bits : 8 * byteLength(datatype);
}

/** Where an attribute lies, for telling whether another one lies there. */
function placeKey({ source, datatype }: PlantAttribute): string[] {
  if (source.kind !== 'region') return [];
  const { region, byte, bit } = source;
  const { target, group, offset } = region;
  const where = `${target.netId}:${target.port} ${group}:${offset}`;
  return [`${where} ${byte}.${bit}+${bitLength(datatype)}`];
}
