import type { PlantNode, PlantView } from './console/index.ts';
import { Severity } from './model/index.ts';
import {
  fieldText,
  type NamingRule,
  type PvDirectory,
  type PvField,
  pascalCase,
} from './pv/index.ts';
import { linkText, stateText } from './twincat/index.ts';

/** What a plant view looks at: the PVs that the IOC serves of a plant. */
export interface PlantViewMeans {
  readonly directory: PvDirectory;
  readonly naming: NamingRule;
  readonly where: string;
}

/**
 * A plant as its PVs tell it: what the console shows is what clients see. Each node is known by
 * PVs that every node of its kind has.
 */
export function plantView({ directory, naming, where }: PlantViewMeans): PlantView {
  const { prefix, separator } = naming;
  const pvs = new NodePvs(directory, separator);
  const told = (name: string) => textOf(directory.find([prefix, 'IOC', name].join(separator)));
  return {
    name: prefix,
    where,
    status: () => ({
      state: told('PlantState'),
      text: told('PlantStatus'),
      lastLoss: told('LastLoss'),
    }),
    *nodes() {
      yield { ...blank, path: prefix, depth: 0, kind: 'server', type: 'I/O Server' };
      for (const path of pvs.paths(prefix)) yield pvs.node(path, depthOf(path, prefix, separator));
    },
  };
}

const blank = { name: '', state: '', link: '' };

/** Attributes by which nodes are known. */
const ofDevice = pascalCase('master_state');
const ofSlave = pascalCase('state_machine');

function depthOf(path: string, prefix: string, separator: string): number {
  return path.slice(prefix.length).split(separator).length - 1;
}

/** The nodes of a plant by their PVs. */
class NodePvs {
  readonly #directory: PvDirectory;
  readonly #separator: string;

  constructor(directory: PvDirectory, separator: string) {
    this.#directory = directory;
    this.#separator = separator;
  }

  /** What the PV names of each node begin with, in the order of the plant. */
  *paths(prefix: string): Iterable<string> {
    const start = `${prefix}${this.#separator}`;
    const ends = [ofDevice, ofSlave].map((name) => `${this.#separator}${name}`);
    for (const name of this.#directory.names()) {
      const end = ends.find((each) => name.endsWith(each));
      if (end !== undefined && name.startsWith(start)) yield name.slice(0, -end.length);
    }
  }

  node(path: string, depth: number): PlantNode {
    const isDevice = this.#find(path, 'master_state') !== undefined;
    const name = textOf(this.#find(path, 'name'));
    return isDevice ? this.#device(path, depth, name) : this.#slave(path, depth, name);
  }

  #device(path: string, depth: number, name: string): PlantNode {
    const field = this.#find(path, 'master_state');
    const state = this.#isInvalid(field) ? '' : textOf(field);
    const fault = this.#isInvalid(field) ? 'no word of it' : state === 'OP' ? undefined : state;
    const node = { ...blank, path, depth, kind: 'device', type: 'EtherCAT Master' } as const;
    return { ...node, name, state, ...(fault !== undefined && { fault }) };
  }

  #slave(path: string, depth: number, name: string): PlantNode {
    const machine = this.#find(path, 'state_machine');
    const isAway = this.#isInvalid(machine);
    const state = isAway ? '' : stateText(numberOf(machine));
    const link = isAway ? '' : linkText(numberOf(this.#find(path, 'link_status')));
    const ports = ['a', 'b', 'c', 'd'].map((port) => this.#find(path, `crc_error_port_${port}`));
    const fault = isAway ? 'no word of it' : faultOf(state, link);
    return {
      ...{ path, depth, kind: 'slave', name, state, link },
      type: textOf(this.#find(path, 'type')),
      address: numberOf(this.#find(path, 'address')),
      crc: ports.map(numberOf),
      ...(fault !== undefined && { fault }),
    };
  }

  #find(path: string, attribute: string): PvField | undefined {
    return this.#directory.find(`${path}${this.#separator}${pascalCase(attribute)}`);
  }

  #isInvalid(field: PvField | undefined): boolean {
    return !field || this.#directory.columns.severity[field.slot] === Severity.invalid;
  }
}

function faultOf(state: string, link: string): string | undefined {
  const wrong = [...(state === 'OP' ? [] : [state]), ...(link === 'good' ? [] : [`link: ${link}`])];
  return wrong.length > 0 ? wrong.join('; ') : undefined;
}

function textOf(field: PvField | undefined): string {
  const value = field?.read();
  return field && value !== undefined && typeof value !== 'object' ? fieldText(field, value) : '';
}

function numberOf(field: PvField | undefined): number {
  return Number(field?.read() ?? 0);
}
