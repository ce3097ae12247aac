import { bytesContent, type ConfigType, tarGz } from './bus/index.ts';
import { type Database, type DatabaseValue, writeDatabase } from './database/index.ts';
import { nextTurn, systemClock } from './kernel/index.ts';
import type { PvDirectory, PvField } from './pv/index.ts';
import { type FieldDefinition, type RecordTable, recordTypes } from './records/index.ts';

/** Records between two looks at everything else. */
const PER_TURN = 20;

/** The records of the IOC as a database file, in an archive. */
export function recordsType(
  prefix: string,
  records: RecordTable,
  directory: PvDirectory,
): ConfigType {
  return {
    type: 'db',
    async snapshot(_, signal) {
      const text = writeDatabase(await databaseOf(records, directory, signal));
      const name = `${prefix.replace(/[^\w-]+/g, '_').slice(0, 90)}.db`;
      return { content: bytesContent(await tarGz([{ name, content: text }], systemClock.now())) };
    },
  };
}

/** Every record with the fields that a database file sets, where they are not as they are by themselves. */
export async function databaseOf(
  records: RecordTable,
  directory: PvDirectory,
  signal: AbortSignal,
): Promise<Database> {
  const types = new Map(Object.values(recordTypes).map((type) => [type.code as number, type]));
  const aliases = new Map<number, string[]>();
  for (const [alias, slot] of records.aliases()) {
    aliases.set(slot, [...(aliases.get(slot) ?? []), alias]);
  }
  const found: Database['records'][number][] = [];
  for (const [name, slot] of [...records.entries()]) {
    const type = types.get(records.columns.type[slot] ?? -1);
    if (!type) continue;
    const fields = [...type.fields.values()].flatMap((definition) =>
      fieldOf(directory.find(`${name}.${definition.name}`), definition),
    );
    const infos = [...records.infos(slot)].map(([tag, text]) => ({ name: tag, text, at: nowhere }));
    found.push({
      ...{ type: type.name, name, fields, infos, at: nowhere },
      aliases: aliases.get(slot) ?? [],
    });
    if (found.length % PER_TURN === 0) await nextTurn();
    signal.throwIfAborted();
  }
  return { records: found };
}

const nowhere = { file: '', line: 0, column: 0 };

function fieldOf(field: PvField | undefined, definition: FieldDefinition): DatabaseValue[] {
  // TIME and the like are ours; DTYP of a record on a plant names what no other IOC has.
  if (!field || !definition.configurable || definition.readOnly || definition.isAttribute)
    return [];
  const value = field.read();
  if (typeof value === 'object' || value === definition.initial) return [];
  const isChoice = field.type === 'MENU' || field.type === 'DEVICE';
  const text = isChoice ? (field.metadata().labels[Number(value)] ?? String(value)) : String(value);
  return text === '' ? [] : [{ name: definition.name, text, at: nowhere }];
}
