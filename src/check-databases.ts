import type { DatabaseConfig } from './config/index.ts';
import { DatabaseLoader, type DatabaseRecord } from './database/index.ts';
import { IocError, messageOf } from './kernel/index.ts';
import { type RecordTypeName, recordTypes } from './records/index.ts';

/** Whether a file says which templates to load, rather than records. */
export function isSubstitutions(file: string): boolean {
  return /\.(substitutions|subs?)$/.test(file);
}

/** The records that the databases of a configuration declare. Throws every mistake. */
export function declaredRecords(databases: readonly DatabaseConfig[]): readonly DatabaseRecord[] {
  const loader = new DatabaseLoader({ others: 'kept' });
  for (const { file, macros } of databases) {
    if (isSubstitutions(file)) loader.loadTemplate(file, macros);
    else loader.loadRecords(file, macros);
  }
  return loader.database.records;
}

/**
 * Reads the addresses of records with DTYP ADS and MQTT. Throws every mistake, each with its place.
 * The rooms that know addresses are loaded when there are some.
 */
export async function checkAddresses(records: readonly DatabaseRecord[]): Promise<void> {
  const problems: string[] = [];
  for (const record of records) {
    const problem = await addressProblem(record);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw new IocError('addresses/invalid', problems.join('\n'));
}

async function addressProblem({ name, type, fields }: DatabaseRecord): Promise<string | undefined> {
  const dtyp = fields.find((field) => field.name === 'DTYP')?.text;
  const link = fields.find((field) => field.name === 'INP' || field.name === 'OUT');
  const isOurs = dtyp === 'ADS' || dtyp === 'MQTT';
  if (!isOurs || link === undefined || !link.text.trimStart().startsWith('@')) return undefined;
  const address = link.text.trimStart().slice(1);
  const isOutput = recordTypes[type as RecordTypeName]?.direction === 'output';
  try {
    if (dtyp === 'ADS') (await import('./pipeline/index.ts')).parseAdsLink(address);
    else {
      (await import('./bus/index.ts')).parseMqttAddress(address, isOutput ? 'output' : 'input');
    }
    return undefined;
  } catch (error) {
    const { file, line, column } = link.at;
    return `${file}:${line}:${column}: ${name}.${link.name}: ${messageOf(error)}`;
  }
}
