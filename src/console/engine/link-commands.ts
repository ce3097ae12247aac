import type { Slot } from '../../model/index.ts';
import { type RecordTable, recordTypes } from '../../records/index.ts';
import type { Command, Lines } from '../command.ts';

/** One link of a record, as commands show it. */
export interface ShownLink {
  readonly slot: Slot;
  readonly field: string;
  readonly kind: string;
  readonly isConnected: boolean;
  /** As its field says it. */
  readonly text: string;
}

const typesByCode = new Map(Object.values(recordTypes).map((type) => [type.code as number, type]));

/** The kind of link that EPICS would call it. */
const kindNames: Readonly<Record<string, string>> = {
  constant: 'CONSTANT',
  local: 'DB_LINK',
  remote: 'CA_LINK',
  calc: 'JSON_LINK',
  state: 'JSON_LINK',
  device: 'INST_IO',
  broken: 'BROKEN',
};

/** What dbpr calls the link of a field; CONSTANT of one that is empty. */
export function linkKind({ engine, columns }: RecordTable, slot: Slot, field: string): string {
  const at = typesByCode.get(columns.type[slot] ?? 0)?.fields.get(field)?.link ?? -1;
  const link = at < 0 ? undefined : engine.link(slot, at);
  return link ? (kindNames[link.kind] ?? link.kind) : 'CONSTANT';
}

/** dbcar: the links that lead to other IOCs. */
export function linkCommands(table: RecordTable): readonly Command[] {
  return [
    {
      name: 'dbcar',
      parameters: [
        { name: 'record name', kind: 'record' },
        { name: 'level', kind: 'integer' },
      ],
      usage: `Report of the links to PVs of other IOCs, of one record or of all (*).
level 0 - how many
      1 - those that are not connected
      2 - all`,
      run: ({ args }) => report(table, args.text(0), args.number(1)),
    },
  ];
}

function* report(table: RecordTable, record: string | undefined, level: number): Lines {
  const isAll = !record || record === '*';
  yield isAll ? 'CA links in all records' : `CA links in record named '${record}'`;
  yield '';
  const slot = isAll ? undefined : table.slotOf(record);
  const all = isAll || slot !== undefined ? [...remoteLinks(table, slot)] : [];
  const connected = all.filter(({ isConnected }) => isConnected).length;
  const shown = all.filter(({ isConnected }) => level > 1 || (level > 0 && !isConnected));
  for (const { slot: owner, field, text, isConnected } of shown) {
    const from = `${table.columns.name[owner]}.${field.padEnd(4)}`;
    yield `${from.padStart(33)} ${isConnected ? '==>' : '-->'} ${text}`;
  }
  if (shown.length > 0) yield '';
  const count = `Total ${all.length} CA link${all.length === 1 ? '' : 's'}`;
  yield `${count}; ${connected} connected, ${all.length - connected} not connected.`;
}

/** Links to other IOCs, of a record or of all. */
function* remoteLinks(table: RecordTable, only: Slot | undefined): Iterable<ShownLink> {
  const { columns } = table;
  const slots = only === undefined ? columns.links.keys() : [only];
  for (const slot of slots) {
    const type = typesByCode.get(columns.type[slot] ?? 0);
    for (const [at, link] of (columns.links[slot] ?? []).entries()) {
      if (link?.kind !== 'remote') continue;
      const field = type?.links[at] ?? '';
      const text = String(columns.stored(slot, field) ?? '');
      yield { slot, field, kind: link.kind, isConnected: link.isConnected, text };
    }
  }
}
