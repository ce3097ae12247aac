import type { AmsAddress } from '../ads/index.ts';
import {
  bool,
  byteLength,
  type Datatype,
  int,
  type Qualifier,
  type SymbolDefinition,
  type TerminalDefinition,
} from '../model/index.ts';
import { liveDatatype } from './live-type.ts';
import { inRegion, type PlantAttribute, type RegionPlace, shownOf } from './plant-attribute.ts';
import type { WriteTarget } from './source.ts';
import {
  bitGroupOf,
  countsBits,
  type FoundSymbol,
  isBit,
  type LiveSymbols,
  type PdoPlace,
} from './symbol-address.ts';
import type { TypeTable } from './type-table.ts';

/** Where process data is read: AMS address of the symbol table, and the table. */
export interface ProcessData {
  readonly target: AmsAddress;
  readonly symbols: LiveSymbols;
  readonly types: TypeTable;
  /** Names without a device ahead of them mean the first device of a table. */
  readonly isFirst: boolean;
}

/** One row for one channel. */
type Row = PdoPlace & { readonly channel: number; readonly definition: SymbolDefinition };

/**
 * The attributes of a terminal's process data. The live table decides: what it lists is served,
 * whatever PDO set the definition thinks selected; what should be there and is not is a problem.
 */
export function processAttributes(
  box: string,
  definition: TerminalDefinition,
  process: ProcessData,
): { attributes: PlantAttribute[]; problems: string[] } {
  const rows = rowsOf(definition);
  const found = rows.map((row) => ({ row, live: process.symbols.find(box, row, rows) }));
  const liveSets = new Set(
    found.flatMap(({ row, live }) => (live ? [row.definition.pdoGroup] : [])),
  );
  liveSets.delete(undefined);
  const alarming = alarmingWords(found.flatMap(({ row, live }) => (live ? [row] : [])));
  const attributes: PlantAttribute[] = [];
  const missing: string[] = [];
  const problems: string[] = [];
  for (const { row, live } of found) {
    if (live) {
      const made = rowAttributes(row, live, process.target);
      const qualifiers = qualifiersOf(row, alarming);
      attributes.push(
        ...made.attributes.map((each) => (qualifiers.length > 0 ? { ...each, qualifiers } : each)),
      );
      problems.push(...made.problems.map((problem) => `${box}.${row.symbol}: ${problem}`));
    } else if (isExpected(row.definition, liveSets)) missing.push(row.symbol);
  }
  if (missing.length > 0) problems.push(missingText(box, definition.type, missing));
  return { attributes, problems };
}

/** A status word with fields that tell whether values can be believed. */
interface AlarmingWord {
  readonly pdo: string;
  readonly channel: number;
  /** No value is in its PDO: it speaks for its channel. */
  readonly isApart: boolean;
  readonly qualifiers: readonly Qualifier[];
}

function alarmingWords(live: readonly Row[]): AlarmingWord[] {
  const valued = new Set(live.filter(isValue).map(pdoOf));
  return live.flatMap((row) => {
    const { channel, definition } = row;
    const qualifiers = definition.fields.flatMap(({ name, alarm }) =>
      alarm ? [{ attribute: withChannel(name, channel), ...alarm }] : [],
    );
    const pdo = pdoOf(row);
    return qualifiers.length > 0 ? [{ pdo, channel, isApart: !valued.has(pdo), qualifiers }] : [];
  });
}

/**
 * What tells whether a value can be believed: the alarming fields of the status word in its PDO;
 * where status words have PDOs of their own, those of its channel. Status words and their fields
 * are what they are.
 */
function qualifiersOf(row: Row, words: readonly AlarmingWord[]): Qualifier[] {
  if (!isValue(row)) return [];
  const pdo = pdoOf(row);
  const near = words.filter((word) => word.pdo === pdo);
  const apart = words.filter((word) => word.isApart && word.channel === row.channel);
  return (near.length > 0 ? near : apart).flatMap(({ qualifiers }) => qualifiers);
}

function isValue({ definition }: Row): boolean {
  return definition.fields.length === 0;
}

/** `AI Standard Channel 1.Status` → `AI Standard Channel 1`. */
function pdoOf({ symbol }: Row): string {
  return symbol.split('.')[0] ?? symbol;
}

function rowsOf({ symbols }: TerminalDefinition): Row[] {
  return symbols.flatMap((definition) =>
    definition.channels.map((channel) => ({
      symbol: withChannel(definition.symbol, channel),
      byte: definition.byte,
      bit: definition.bit,
      indexGroup: definition.indexGroup,
      channel,
      definition,
    })),
  );
}

/** Another PDO set being live excuses the absence of the selected one. */
function isExpected(
  { selected, pdoGroup }: SymbolDefinition,
  liveSets: ReadonlySet<string | undefined>,
): boolean {
  return selected && (pdoGroup === undefined || liveSets.size === 0 || liveSets.has(pdoGroup));
}

function missingText(box: string, type: string, missing: readonly string[]): string {
  const some = missing.slice(0, 4).join(', ');
  const more = missing.length > 4 ? ` and ${missing.length - 4} more` : '';
  return (
    `${box}: not in the symbol table: ${some}${more}; ` +
    `check the PDO assignment in TwinCAT and the definition of ${type}`
  );
}

function rowAttributes(row: Row, live: FoundSymbol, target: AmsAddress) {
  const { definition, channel } = row;
  const datatype = liveDatatype(definition.datatype, live);
  if (!datatype) {
    const size = isBit(live.entry) ? 'one bit' : `${live.entry.size} bytes`;
    const problem = `has ${size} in the symbol table, too few for its definition; not served`;
    return { attributes: [], problems: [problem] };
  }
  const place = placeOf(live, target);
  const problems: string[] = [];
  const write = definition.access === 'rw' ? writeTarget(live, datatype, target) : undefined;
  if (definition.access === 'rw' && !write) problems.push('has no bit address; read only');
  const whole = inRegion(
    withChannel(definition.name, channel),
    withChannel(definition.description, channel),
    datatype,
    { ...place, ...(write && { write }) },
    shown(definition, datatype),
  );
  const { template } = definition;
  const fields = fieldAttributes(row, live, place, datatype);
  const first = template === undefined ? whole : { ...whole, template };
  return { attributes: [first, ...fields], problems };
}

/** A scale holds for the raw counts of one type only. */
function shown(definition: SymbolDefinition, live: Datatype): Partial<SymbolDefinition> {
  const element = (type: Datatype) => (type.kind === 'array' ? type.element : type);
  const same = byteLength(element(definition.datatype)) === byteLength(element(live));
  const { scale: _, range: __, limits: ___, unit: ____, ...rest } = definition;
  return shownOf(same ? definition : rest);
}

/** The whole entry is one region: what the plant updates together arrives together. */
export function placeOf({ entry, byte, bit }: FoundSymbol, target: AmsAddress) {
  const { group, offset, size } = entry;
  const length = Math.max(1, size);
  const region = { target, group, offset, length, update: 'notify' } as const;
  return { region, byte, bit: isBit(entry) ? 0 : bit };
}

function fieldAttributes(
  { definition, channel }: Row,
  live: FoundSymbol,
  place: RegionPlace,
  word: Datatype,
): PlantAttribute[] {
  const bits = 8 * byteLength(word);
  return definition.fields
    .filter(({ bit, width }) => bit + width <= bits)
    .map((field) => {
      const datatype = field.width === 1 ? bool : int(field.width, false);
      const at = { ...live, byte: live.byte + (field.bit >> 3), bit: field.bit & 7, exact: false };
      const write =
        definition.access === 'rw' ? writeTarget(at, datatype, place.region.target) : undefined;
      const { template, alarm } = field;
      return {
        ...inRegion(
          withChannel(field.name, channel),
          withChannel(field.description, channel),
          datatype,
          { region: place.region, byte: at.byte, bit: at.bit, ...(write && { write }) },
          field,
        ),
        ...(template !== undefined && { template }),
        ...(alarm && { alarm }),
      };
    });
}

/**
 * Where a put of the value goes (facts/ads.md section 10): its own bytes, or its own bit. A field
 * of several bits has no address: it is put with its word.
 */
export function writeTarget(
  { entry, exact, byte, bit }: FoundSymbol,
  type: Datatype,
  target: AmsAddress,
): WriteTarget | undefined {
  const { group, offset, size } = entry;
  const length = byteLength(type);
  if (exact && length === Math.max(1, size)) return { target, group, offset, length };
  const step = countsBits(group) ? 8 : 1;
  if (type.kind !== 'bool') {
    const whole = bit === 0 && (type.kind !== 'int' || type.bits % 8 === 0);
    const at = offset + byte * step;
    return whole ? { target, group, offset: at, length } : undefined;
  }
  const bitGroup = bitGroupOf(group);
  if (bitGroup === undefined) return undefined;
  const start = step === 8 ? offset : offset * 8;
  return { target, group: bitGroup, offset: start + byte * 8 + bit, length: 1 };
}

function withChannel(text: string, channel: number): string {
  return text.replaceAll('{channel}', String(channel));
}
