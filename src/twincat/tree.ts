import type { AmsNetId } from '../ads/index.ts';
import type { Controller, TerminalDefinition } from '../model/index.ts';
import { clockAttributes } from './clock-attributes.ts';
import { type CoeUnprotected, coeAttributes } from './coe-attributes.ts';
import { deviceCommands, serverCommands, slaveCommands } from './commands.ts';
import { type Definitions, definitionOf } from './definition-match.ts';
import { deviceDiagnosis, slaveDiagnosis } from './derived-attributes.ts';
import { deviceAttributes } from './device-attributes.ts';
import type { DeviceFacts, PlantFacts, SlaveFacts, SymbolTableFacts } from './facts.ts';
import { liveAttributes } from './live-attributes.ts';
import type { PlantAttribute } from './plant-attribute.ts';
import { type ProcessData, processAttributes } from './process-attributes.ts';
import { qualified } from './qualifiers.ts';
import { serverAttributes } from './server-attributes.ts';
import { runtimeAttributes, slaveAttributes } from './slave-attributes.ts';
import type { PlantSource } from './source.ts';
import { LiveSymbols } from './symbol-address.ts';
import { type PlacedSlave, placed } from './topology.ts';
import { TypeTable } from './type-table.ts';

export type PlantController = Controller<PlantSource>;

/** The plant as controllers, and what about it could not be served, one sentence each. */
export interface PlantTree {
  readonly tree: PlantController;
  readonly problems: readonly string[];
}

/** What of a plant is served beside what its definitions name. */
export interface TreeOptions {
  /** `defined`: symbols that no definition names only where the slave's type has none at all. */
  readonly symbols?: 'defined' | 'all';
  /** Also symbols of no slave and no master, as attributes of the server. */
  readonly otherSymbols?: boolean;
  /** Calibration and vendor objects that may be put. */
  readonly coeWritable?: CoeUnprotected;
}

/**
 * The controllers and attributes of a plant: I/O server → EtherCAT devices → couplers and boxes →
 * terminals. A function of what discovery found and of the terminal definitions; asks nothing.
 */
export function buildTree(
  facts: PlantFacts,
  definitions: Definitions,
  options: TreeOptions = {},
): PlantTree {
  const problems: string[] = [];
  const shared = processData(facts.systemNetId, facts);
  const sharers = facts.devices.filter(({ table }) => !table);
  const planOf = (device: DeviceFacts): Plan => ({
    definitions,
    options,
    process: device.table
      ? processData(facts.systemNetId, device.table)
      : { ...shared, isFirst: device === sharers[0] },
    problems,
  });
  const others = options.otherSymbols ? otherAttributes(sharers, shared, problems) : [];
  const tree: PlantController = {
    kind: 'server',
    id: 0,
    type: 'I/O Server',
    name: facts.server.name,
    node: 0,
    position: 0,
    attributes: distinct(
      facts.server.name,
      [...serverAttributes(facts), ...serverCommands(), ...others],
      problems,
    ),
    children: facts.devices.map((device) => deviceController(device, planOf(device))),
  };
  return { tree, problems: [...new Set(problems)] };
}

function processData(
  netId: AmsNetId,
  { symbolPort, symbols, dataTypes }: SymbolTableFacts,
): ProcessData {
  return {
    target: { netId, port: symbolPort },
    symbols: new LiveSymbols(symbols),
    types: new TypeTable(dataTypes),
    isFirst: true,
  };
}

/** What the table has beside slaves and masters: sync units, and a PLC's variables. */
function otherAttributes(
  devices: readonly DeviceFacts[],
  process: ProcessData,
  problems: string[],
): PlantAttribute[] {
  const owners = devices.flatMap(({ name, slaves }) => [name, ...slaves.map((each) => each.name)]);
  const symbols = process.symbols
    .outside(['Inputs', 'Outputs', ...owners])
    .filter(({ name }) => !/^(inputs|outputs)$/i.test(name) && !owners.includes(name));
  const live = liveAttributes('', symbols, process, []);
  problems.push(...live.problems);
  return live.attributes;
}

interface Plan {
  readonly options: TreeOptions;
  readonly definitions: Definitions;
  readonly process: ProcessData;
  readonly problems: string[];
}

function deviceController(device: DeviceFacts, plan: Plan): PlantController {
  const slaves = placed(device.slaves);
  const nodes = slaves.filter(({ kind }) => kind !== 'terminal');
  const { attributes, problems } = deviceAttributes(device, nodes.length, plan.process);
  plan.problems.push(...problems);
  const diagnosis = deviceDiagnosis(device, plan.process);
  const all = [...attributes, ...diagnosis, ...clockAttributes(device), ...deviceCommands(device)];
  const terminalsOf = (node: number) =>
    slaves
      .filter((each) => each.node === node && each.kind === 'terminal')
      .map((each) => slaveController(device, each, [], plan));
  const opened = nodes.map((each) => slaveController(device, each, terminalsOf(each.node), plan));
  return {
    kind: 'device',
    id: device.id,
    type: 'EtherCAT Master',
    name: device.name,
    node: 0,
    position: 0,
    attributes: distinct(device.name, all, plan.problems),
    children: [...terminalsOf(0), ...opened],
  };
}

function slaveController(
  device: DeviceFacts,
  placedSlave: PlacedSlave,
  children: readonly PlantController[],
  plan: Plan,
): PlantController {
  const { slave, kind, node, position } = placedSlave;
  const definition = definitionOf(slave, plan.definitions);
  if (!definition) plan.problems.push(unknownText(slave.type));
  const process = definition && processAttributes(slave.name, definition, plan.process);
  plan.problems.push(...(process?.problems ?? []));
  const health = [
    ...slaveAttributes(device, placedSlave, definition),
    ...runtimeAttributes(device, placedSlave, definition, plan.process),
  ];
  const defined = [
    ...health,
    ...qualified(process?.attributes ?? [], health),
    ...(definition ? coeAttributes(device, slave, definition, plan.options.coeWritable) : []),
  ];
  const attributes = [
    ...defined,
    ...qualified(undefinedAttributes(slave, definition, plan, defined), health),
    ...slaveDiagnosis(device, slave),
    ...slaveCommands(device, slave, defined),
  ];
  return {
    kind,
    id: slave.address,
    type: slave.type,
    name: slave.name,
    node,
    position,
    attributes: distinct(slave.name, attributes, plan.problems),
    children,
  };
}

/** What the live table says of a slave that its definition does not, if it has one. */
function undefinedAttributes(
  { name }: SlaveFacts,
  definition: TerminalDefinition | undefined,
  { options, process, problems }: Plan,
  served: readonly PlantAttribute[],
): PlantAttribute[] {
  if (definition && options.symbols !== 'all') return [];
  const live = liveAttributes(name, process.symbols.below(name), process, served);
  problems.push(...live.problems);
  return live.attributes;
}

function unknownText(type: string): string {
  return (
    `Terminal type ${type} has no definition, by type or by identity: its process data is ` +
    `served as the symbol table names it, without units; add ${type}.yaml to a folder of terminal definitions`
  );
}

/** A name stands for one attribute; a second one is left out and said. */
function distinct(
  controller: string,
  attributes: readonly PlantAttribute[],
  problems: string[],
): PlantAttribute[] {
  const names = new Set<string>();
  return attributes.filter(({ name, description }) => {
    const isFirst = !names.has(name);
    if (!isFirst) problems.push(`${controller}: ${name} twice; left out: ${description}`);
    names.add(name);
    return isFirst;
  });
}
