import { z } from 'zod';
import { type AccessConfig, accessOf, accessSection } from './access-section.ts';
import { type AutosaveConfig, autosaveOf, autosaveSection } from './autosave-section.ts';
import { type BusConfig, busOf, busSection } from './bus-section.ts';
import { type ConsoleConfig, consoleOf, consoleSection } from './console-section.ts';
import { type DatabaseConfig, databasesOf, databasesSection } from './databases-section.ts';
import { iocStatsSection } from './ioc-stats-section.ts';
import { section } from './issue-text.ts';
import { plantEntry, plantSection, simulateSection } from './plant-section.ts';
import { checkPlants, type PlantConfig, plantsOf } from './plants.ts';
import { type PutLogConfig, putLogOf, putLogSection } from './put-log-section.ts';
import { namePart, nameTemplate, seconds, tcpPort, word } from './scalars.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';
import { shippedDatabases, shippedTerminals } from './terminal-folder.ts';
import { valueRule } from './value-rule.ts';
import { readYamlWith } from './yaml-file.ts';

type Section<Key extends keyof Given> = Given[Key];

/** A configuration file with every default filled in. Durations are seconds, paths absolute. */
export interface IocConfig {
  readonly prefix: string;
  readonly plants: readonly PlantConfig[];
  readonly notifications: Section<'notifications'>;
  /** How values are brought and kept; the first rule that matches a PV counts. */
  readonly values: Section<'values'>;
  readonly poll: Section<'poll'>;
  readonly update: Section<'update'>;
  readonly supervision: Section<'supervision'>;
  /** What becomes of setpoints when the plant returns; the first rule that matches a PV counts. */
  readonly setpoints: Section<'setpoints'>;
  readonly naming: Section<'naming'>;
  readonly ca: Section<'ca'>;
  /** The MQTT bus, which is off without it. */
  readonly bus?: BusConfig;
  /** Rules of who may what; without them everybody may everything. */
  readonly access?: AccessConfig;
  readonly putLog?: PutLogConfig;
  /** PVs about the IOC itself, and whether clients may restart it. */
  readonly iocStats: Section<'iocStats'>;
  readonly autosave?: AutosaveConfig;
  readonly console: ConsoleConfig;
  readonly log: Section<'log'>;
  /** Files of records beside those of the plants, and of what is said of those. */
  readonly databases: readonly DatabaseConfig[];
  /** Folders of database templates that terminal definitions name, the shipped one last. */
  readonly templates: readonly string[];
  /** Folders of terminal definitions, the shipped one first. */
  readonly terminals: readonly string[];
}

const notifications = section({
  mode: z.enum(['on-change', 'cyclic']).default('on-change'),
  cycle: seconds(0, 60).default(0.01),
  maxDelay: seconds(0, 60).default(0.05),
  group: z.boolean().default(true),
  maxGap: z.int().min(0).max(1024).default(16),
  maxBytes: z.int().min(1).max(65536).default(1024),
});

const update = section({
  flush: seconds(0, 60).default(0.1),
  tolerance: seconds(0.1, 1e9).default(10),
});

const supervision = section({
  period: seconds(0.05, 60).default(0.8),
  misses: z.int().min(1).max(100).default(2),
  audit: seconds(0, 3600).default(0.5),
  toggle: seconds(0, 86_400).default(5),
});

const setpoint = section({ pv: word, policy: z.enum(['read', 'write', 'ignore']) });

const naming = section({
  device: nameTemplate.default('ETH{id}'),
  node: nameTemplate.default('RIO{node}'),
  module: nameTemplate.default('MOD{position}'),
  separator: namePart.default(':'),
  readback: namePart.default('_RBV'),
});

const beacons = section({
  addresses: z.array(word).exactOptional(),
  auto: z.boolean().exactOptional(),
  port: tcpPort.exactOptional(),
  period: seconds(0.1, 3600).exactOptional(),
});

const ca = section({
  port: tcpPort.exactOptional(),
  interfaces: z.array(word).exactOptional(),
  ignore: z.array(word).exactOptional(),
  beacons: beacons.exactOptional(),
});

const log = section({
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  format: z.enum(['text', 'json']).exactOptional(),
});

export const iocFile = section({
  prefix: namePart,
  plant: plantSection.exactOptional(),
  simulate: simulateSection.exactOptional(),
  plants: z.array(plantEntry).exactOptional(),
  notifications: notifications.prefault({}),
  values: z.array(valueRule).default([]),
  poll: section({ period: seconds(0.01, 3600).default(1) }).prefault({}),
  update: update.prefault({}),
  supervision: supervision.prefault({}),
  setpoints: z.array(setpoint).default([]),
  naming: naming.prefault({}),
  ca: ca.prefault({}),
  bus: busSection.exactOptional(),
  access: accessSection.exactOptional(),
  putLog: putLogSection.exactOptional(),
  iocStats: iocStatsSection.prefault({}),
  autosave: autosaveSection.exactOptional(),
  console: consoleSection.prefault({}),
  log: log.prefault({}),
  databases: databasesSection,
  templates: z.array(word).default([]),
  terminals: z.array(word).default([]),
}).check(({ value, issues }) => {
  checkPlants(value, (path, message) =>
    issues.push({ code: 'custom', path: [...path], message, input: value }),
  );
});

type Given = z.infer<typeof iocFile>;

/**
 * The configuration of an IOC. Throws one `ConfigError` with every mistake of the file, and of the
 * files that it needs to reach the plant. Paths in the file are relative to the file.
 */
export function loadConfig(file: string, env: Surroundings['env'] = process.env): IocConfig {
  return readYamlWith(file, iocFile, (given, complaints) =>
    configOf(given, surroundingsOf(file, env, complaints)),
  );
}

function configOf(given: Given, around: Surroundings): IocConfig {
  const { plant: _, simulate: __, plants: ___, terminals, ...most } = given;
  const { bus, access, putLog, autosave, databases, templates, ...rest } = most;
  const onBus = busOf(bus, given.prefix, around);
  const rules = accessOf(access, around);
  const puts = putLogOf(putLog, around);
  const saves = autosaveOf(autosave, given.prefix, around);
  return {
    ...rest,
    ...(onBus && { bus: onBus }),
    ...(rules && { access: rules }),
    ...(puts && { putLog: puts }),
    ...(saves && { autosave: saves }),
    console: consoleOf(given.console, around),
    plants: plantsOf(given, around),
    databases: databasesOf(databases, around),
    templates: [...templates.map(around.near), shippedDatabases],
    terminals: [shippedTerminals, ...terminals.map(around.near)],
  };
}
