import {
  type BusLink,
  type MqttDevices,
  type RuleRecord,
  serveRules,
  serveWriteRules,
} from './bus/index.ts';
import type { ConvertConfig } from './config/index.ts';
import type { BusParts } from './ioc-bus.ts';
import type { Scope } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';
import { loadDatabase, type RecordTable } from './records/index.ts';

/** Serves the records of DTYP MQTT and the rules of the converter. Returns what it tells of itself. */
export function serveConverter(
  { in: rules, out }: ConvertConfig,
  { devices, directory, records, announce, log, link }: BusParts & { readonly link: BusLink },
  scope: Scope,
): readonly StatusRow[] {
  scope.use(devices.serve(link, () => directory.flush()));
  const has = (name: string) => directory.has(name);
  const make = (record: RuleRecord) => makeRecord(records, record);
  scope.use(serveRules(rules, { devices, has, make, announce, log }));
  if (out.length > 0) {
    const { counters } = devices;
    scope.use(serveWriteRules(out, { link, directory, counters, log }));
  }
  return converterRows(devices);
}

/** As a database would make it. */
function makeRecord(records: RecordTable, { name, type, fields }: RuleRecord): void {
  const at = { file: 'bus.convert', line: 1, column: 1 };
  const valued = Object.entries(fields).map(([field, text]) => ({ name: field, text, at }));
  loadDatabase(records, { records: [{ name, type, fields: valued, infos: [], aliases: [], at }] });
}

function converterRows(devices: MqttDevices): readonly StatusRow[] {
  const { counters } = devices;
  return [
    countRow('BusInputs', 'Records on topics of other devices', () => devices.size),
    countRow('BusConverted', 'Messages given to those records', () => counters.messages),
    countRow('BusBad', 'Messages that were not as expected', () => counters.bad),
    countRow('BusTimeouts', 'Values that were not told in time', () => counters.timeouts),
    countRow('BusWritten', 'Messages to topics of other devices', () => counters.sent),
    countRow('BusMade', 'PVs made of topics with wildcards', () => counters.made),
    countRow('BusRefusedTopics', 'Topics without room or a name', () => counters.refused),
  ];
}
