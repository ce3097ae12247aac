import type { Controller } from '../model/index.ts';
import { coeAttributes } from './coe-attributes.ts';
import { type Definitions, definitionOf } from './definition-match.ts';
import { deviceAttributes } from './device-attributes.ts';
import type { DeviceFacts, PlantFacts } from './facts.ts';
import type { PlantAttribute } from './plant-attribute.ts';
import { type ProcessData, processAttributes } from './process-attributes.ts';
import { serverAttributes } from './server-attributes.ts';
import { runtimeAttributes, slaveAttributes } from './slave-attributes.ts';
import type { PlantSource } from './source.ts';
import { LiveSymbols } from './symbol-address.ts';
import { type PlacedSlave, placed } from './topology.ts';

export type PlantController = Controller<PlantSource>;

/** The plant as controllers, and what about it could not be served, one sentence each. */
export interface PlantTree {
  readonly tree: PlantController;
  readonly problems: readonly string[];
}

/**
 * The controllers and attributes of a plant: I/O server → EtherCAT devices → couplers and boxes →
 * terminals. A function of what discovery found and of the terminal definitions; asks nothing.
 */
export function buildTree(facts: PlantFacts, definitions: Definitions): PlantTree {
  const problems: string[] = [];
  const process: ProcessData = {
    target: { netId: facts.systemNetId, port: facts.symbolPort },
    symbols: new LiveSymbols(facts.symbols),
  };
  const plan = { definitions, process, problems };
  const tree: PlantController = {
    kind: 'server',
    id: 0,
    type: 'I/O Server',
    name: facts.server.name,
    node: 0,
    position: 0,
    attributes: serverAttributes(facts),
    children: facts.devices.map((device) => deviceController(device, plan)),
  };
  return { tree, problems: [...new Set(problems)] };
}

interface Plan {
  readonly definitions: Definitions;
  readonly process: ProcessData;
  readonly problems: string[];
}

function deviceController(device: DeviceFacts, plan: Plan): PlantController {
  const slaves = placed(device.slaves);
  const nodes = slaves.filter(({ kind }) => kind !== 'terminal');
  const { attributes, problems } = deviceAttributes(device, nodes.length, plan.process);
  plan.problems.push(...problems);
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
    attributes: distinct(device.name, attributes, plan.problems),
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
  const attributes = [
    ...slaveAttributes(device, placedSlave, definition),
    ...runtimeAttributes(device, placedSlave, definition, plan.process),
    ...(process?.attributes ?? []),
    ...(definition ? coeAttributes(device, slave, definition) : []),
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

function unknownText(type: string): string {
  return (
    `Terminal type ${type} has no definition, by type or by identity: only state, link and CRC ` +
    `are served; add ${type}.yaml to a folder of terminal definitions`
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
