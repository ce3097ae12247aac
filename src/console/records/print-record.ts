import type { PvField } from '../../pv/index.ts';
import { recordTypes } from '../../records/index.ts';
import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { tabbed } from '../report/tabbed.ts';
import { fieldText } from './field-text.ts';
import { fieldNamed, type RecordsView } from './records-view.ts';

/** Interest levels of fields go from 0 to 4; dbtr prints up to this one. */
const AFTER_PROCESSING = 3;

/** dbpr and dbtr. */
export function printCommands(view: RecordsView): readonly Command[] {
  return [dbpr(view), dbtr(view)];
}

function dbpr(view: RecordsView): Command {
  return {
    name: 'dbpr',
    parameters: [
      { name: 'record name', kind: 'record' },
      { name: 'interest level', kind: 'integer' },
    ],
    usage: `Print the fields of a record.
interest level 0 - what processing changes
               1 - what is configured
               2 - of interest to who writes databases
               3 - of interest to who wonders what goes on
               4 - everything

Example: dbpr T:temperature 2`,
    *run({ args }): Lines {
      const name = args.text(0);
      if (!name) throw new Complaint('Usage: dbpr "pv name", level');
      yield* fieldsOf(view, fieldNamed(view, 'dbpr', name), args.number(1));
    },
  };
}

function dbtr(view: RecordsView): Command {
  return {
    name: 'dbtr',
    parameters: [{ name: 'record name', kind: 'record' }],
    usage: 'Process a record, then print its fields.',
    *run({ args }): Lines {
      const name = args.text(0);
      if (!name) throw new Complaint('Usage: dbtr "pv name"');
      const field = fieldNamed(view, 'dbtr', name);
      if (view.find(`${field.record}.PACT`)?.read() === 1) throw new Complaint('record active');
      view.process(field.record);
      yield* fieldsOf(view, field, AFTER_PROCESSING);
    },
  };
}

/** The fields of a record up to an interest level, in columns, by name. */
function* fieldsOf(
  view: RecordsView,
  { record, recordType }: PvField,
  level: number,
): Iterable<string> {
  const type = Object.values(recordTypes).find(({ name }) => name === recordType);
  const fields = [...(type?.fields.values() ?? [])].filter(({ interest }) => interest <= level);
  // RTYP is no field in EPICS: clients find it, dbpr does not print it.
  const shown = fields.map(({ name }) => name).filter((name) => name !== 'RTYP');
  const names = shown.toSorted((a, b) => (a < b ? -1 : 1));
  const texts = names.flatMap((name) => {
    const field = view.find(`${record}.${name}`);
    if (!field) return [];
    const link = field.type.endsWith('LINK') ? `${view.linkKind(field)} ` : '';
    return [`${name.padEnd(4)}: ${link}${fieldText(field)}`];
  });
  yield* tabbed(texts, 20);
}
