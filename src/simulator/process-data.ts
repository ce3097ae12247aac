import type { Datatype, SymbolDefinition, TerminalDefinition } from '../model/index.ts';
import { bitLength } from './iec-type.ts';
import { type Area, areaOf } from './image.ts';

/** One value inside a PDO. */
export interface Entry {
  /** Within the PDO; empty when the PDO is no more than this entry. */
  readonly name: string;
  readonly datatype: Datatype;
  /** Of the first bit, from the start of the PDO. */
  readonly bit: number;
  readonly bits: number;
  /** A field of another entry: reached by name, but not a member of the structure. */
  readonly within: boolean;
  readonly definition?: SymbolDefinition;
}

/** A process data object: what one synchronised transfer of a terminal holds. */
export interface Pdo {
  readonly name: string;
  /** Name of the structure, shared by all channels: that of the first channel's PDO. */
  readonly typeName: string;
  readonly area: Area;
  readonly bits: number;
  /** False when the symbol table shows the only entry under the PDO's name. */
  readonly structured: boolean;
  readonly entries: readonly Entry[];
}

type Row = { readonly member: string; readonly definition: SymbolDefinition };

/** The PDOs of a terminal in the PDO set that it uses, channel after channel. */
export function processData(definition: TerminalDefinition): Pdo[] {
  const found = new Map<string, { name: string; first: string; area: Area; rows: Row[] }>();
  for (const row of definition.symbols) {
    if (!inUse(row, definition)) continue;
    const area = areaOf(row.indexGroup) ?? (row.access === 'rw' ? 'outputs' : 'inputs');
    const first = expand(row, row.channels[0] ?? 1).pdo;
    for (const channel of row.channels) {
      const { pdo, member } = expand(row, channel);
      const known = found.get(`${area} ${pdo}`) ?? { name: pdo, first, area, rows: [] };
      known.rows.push({ member, definition: row });
      found.set(`${area} ${pdo}`, known);
    }
  }
  return [...found.values()].map(({ name, first, area, rows }) => pdoOf(name, first, area, rows));
}

/** Rows without a PDO set belong to all of them. */
function inUse(row: SymbolDefinition, { pdoGroup, symbols }: TerminalDefinition): boolean {
  if (row.pdoGroup === undefined) return true;
  return row.pdoGroup === (pdoGroup ?? symbols.find((s) => s.pdoGroup !== undefined)?.pdoGroup);
}

function expand({ symbol }: SymbolDefinition, channel: number): { pdo: string; member: string } {
  const name = symbol.replaceAll('{channel}', String(channel));
  const dot = name.indexOf('.');
  return dot < 0
    ? { pdo: name, member: '' }
    : { pdo: name.slice(0, dot), member: name.slice(dot + 1) };
}

function pdoOf(name: string, first: string, area: Area, rows: readonly Row[]): Pdo {
  const single = rows.length === 1 ? rows[0] : undefined;
  if (single?.definition.datatype.kind === 'bool') return bitOf(name, area, single);
  const structured =
    single === undefined || single.member !== '' || single.definition.fields.length > 0;
  const entries = entriesOf(rows, structured ? wordName(area) : '');
  const bits = Math.max(...entries.map((entry) => entry.bit + entry.bits));
  return {
    name,
    typeName: `${first}_TYPE`,
    area,
    bits: structured ? Math.ceil(bits / 8) * 8 : bits,
    structured,
    entries,
  };
}

/** A PDO of one bit is listed as a bit, by all of the name that its definition has for it. */
function bitOf(name: string, area: Area, { member, definition }: Row): Pdo {
  const datatype = definition.datatype;
  return {
    name: member === '' ? name : `${name}.${member}`,
    typeName: '',
    area,
    bits: 1,
    structured: false,
    entries: [{ name: '', datatype, bit: 0, bits: 1, within: false, definition }],
  };
}

/** The row that has only the PDO's name is its status or control word (facts/ads.md section 7). */
function wordName(area: Area): string {
  return area === 'inputs' ? 'Status' : 'Control';
}

function entriesOf(rows: readonly Row[], word: string): Entry[] {
  const placed: { row: Row; bit: number; bits: number }[] = [];
  for (const row of rows) {
    const { datatype, byte, bit } = row.definition;
    const bits = bitLength(datatype);
    // Channels that share a PDO have one row: they follow one another.
    const before = placed.filter((other) => other.row.definition === row.definition).length;
    const step = datatype.kind === 'bool' ? 1 : Math.ceil(bits / 8) * 8;
    placed.push({ row, bit: byte * 8 + bit + before * step, bits });
  }
  return placed.map(({ row, bit, bits }) => ({
    name: row.member === '' ? word : row.member,
    datatype: row.definition.datatype,
    bit,
    bits,
    within: placed.some(
      (other) => other.bits > bits && other.bit <= bit && bit + bits <= other.bit + other.bits,
    ),
    definition: row.definition,
  }));
}
