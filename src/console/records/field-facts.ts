import { castNumber, fieldText, type PvField, parseNumber } from '../../pv/index.ts';
import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { tabbed } from '../report/tabbed.ts';
import { typedTexts, valueTexts } from '../report/value-texts.ts';
import { fieldNamed, type RecordsView } from './records-view.ts';

/** Types that clients may ask for, beside STRING. */
const numeric = [
  ...(['CHAR', 'UCHAR', 'SHORT', 'USHORT', 'LONG', 'ULONG', 'INT64', 'UINT64'] as const),
  ...(['FLOAT', 'DOUBLE', 'ENUM'] as const),
];

/** The commands that tell what a field is, and what it is as other types. */
export function factCommands(view: RecordsView): readonly Command[] {
  return [dba(view), dbtgf(view)];
}

function dba(view: RecordsView): Command {
  return {
    name: 'dba',
    parameters: [{ name: 'record name', kind: 'record' }],
    usage: 'Tell what a field is: its type, size, and who may put to it.',
    run({ args }) {
      const name = args.text(0);
      if (!name) throw new Complaint('Usage: dba "pv name"');
      const field = fieldNamed(view, 'dba', name);
      return [
        `   No Elements: ${field.maxCount}`,
        `   Record Type: ${field.recordType}`,
        `    Field Type: DBF_${field.type}`,
        `      Writable: ${field.writable ? 'yes' : 'no'}`,
        `  Access Group: ${field.accessGroup || 'DEFAULT'}, level ASL${field.accessLevel}`,
      ];
    },
  };
}

function dbtgf(view: RecordsView): Command {
  return {
    name: 'dbtgf',
    parameters: [{ name: 'record name', kind: 'record' }],
    usage: 'Print a field with its units and limits, and its value as every type.',
    *run({ args }): Lines {
      const name = args.text(0);
      if (!name) throw new Complaint('Usage: dbtgf "pv name"');
      const field = fieldNamed(view, 'dbtgf', name);
      yield* metadataLines(field);
      yield* tabbed(valueTexts(field), 10);
      for (const type of ['STRING', ...numeric]) yield* tabbed(asType(field, type), 10);
    },
  };
}

function metadataLines(field: PvField): readonly string[] {
  const { units, precision, labels, display, control, alarm } = field.metadata();
  return [
    `units = "${units}"`,
    `precision = ${precision}`,
    ...(labels.length > 0 ? [`no_strs = ${labels.length}:`] : ['enum strings not returned']),
    ...labels.map((label) => `\t"${label}"`),
    `grDouble: ${display.low} .. ${display.high}`,
    `ctrlDouble: ${control.low} .. ${control.high}`,
    `alDouble: ${alarm.lolo} < ${alarm.low} .. ${alarm.high} < ${alarm.hihi}`,
  ];
}

/** The value as a type of DBR; `failed.` where it cannot be. */
function asType(field: PvField, type: string): readonly string[] {
  const value = field.read();
  const elements = typeof value === 'object' ? Array.from(value as ArrayLike<number>) : [value];
  if (type === 'STRING') {
    const texts = elements.map((element) => `"${fieldText(field, element)}"`);
    return typedTexts(type, elements, texts);
  }
  const target = type as (typeof numeric)[number];
  const converted = elements.map((element) => {
    return typeof element === 'string' ? parseNumber(target, element) : castNumber(target, element);
  });
  const numbers = converted.filter((each) => typeof each !== 'object');
  return numbers.length < converted.length
    ? [`DBF_${type}: `, 'failed.']
    : typedTexts(type, numbers);
}
