import { bytesContent, type ConfigType, tarGz } from './bus/index.ts';
import { type DatabaseRecord, type DatabaseValue, writeDatabase } from './database/index.ts';
import { nextTurn, systemClock } from './kernel/index.ts';
import type { Slot } from './model/index.ts';
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
      const content = await databaseText(records, directory, signal);
      const name = `${prefix.replace(/[^\w-]+/g, '_').slice(0, 90)}.db`;
      return { content: bytesContent(await tarGz([{ name, content }], systemClock.now())) };
    },
  };
}

/** Every record as a database file has it, written a few at a time: the IOC goes on meanwhile. */
async function databaseText(
  records: RecordTable,
  directory: PvDirectory,
  signal: AbortSignal,
): Promise<string> {
  const aliases = aliasesBySlot(records);
  const texts: string[] = [];
  for (const [name, slot] of [...records.entries()]) {
    const record = recordOf(name, slot, records, directory);
    if (record) texts.push(writeDatabase({ records: [{ ...record, aliases: aliases(slot) }] }));
    if (texts.length % PER_TURN === 0) await nextTurn();
    signal.throwIfAborted();
  }
  return texts.join('');
}

const types = new Map(Object.values(recordTypes).map((type) => [type.code as number, type]));
const nowhere = { file: '', line: 0, column: 0 };

/** A record with the fields that a database file sets, where they are not as they are by themselves. */
function recordOf(
  name: string,
  slot: Slot,
  records: RecordTable,
  directory: PvDirectory,
): Omit<DatabaseRecord, 'aliases'> | undefined {
  const type = types.get(records.columns.type[slot] ?? -1);
  if (!type) return undefined;
  const fields = [...type.fields.values()]
    .filter(({ configurable, readOnly, isAttribute }) => configurable && !readOnly && !isAttribute)
    .flatMap((each) => settingOf(directory.find(`${name}.${each.name}`), each));
  const infos = [...records.infos(slot)].map(([tag, text]) => ({ name: tag, text, at: nowhere }));
  return { type: type.name, name, fields, infos, at: nowhere };
}

function settingOf(
  field: PvField | undefined,
  { name, initial }: FieldDefinition,
): DatabaseValue[] {
  const value = field?.read();
  if (!field || value === undefined || typeof value === 'object' || value === initial) return [];
  const isChoice = field.type === 'MENU' || field.type === 'DEVICE';
  const text = isChoice ? (field.metadata().labels[Number(value)] ?? String(value)) : String(value);
  return text === '' ? [] : [{ name, text, at: nowhere }];
}

function aliasesBySlot(records: RecordTable): (slot: Slot) => readonly string[] {
  const aliases = new Map<Slot, string[]>();
  for (const [alias, slot] of records.aliases()) {
    aliases.set(slot, [...(aliases.get(slot) ?? []), alias]);
  }
  return (slot) => aliases.get(slot) ?? [];
}
