import { IocError } from '../kernel/index.ts';
import {
  bool,
  type Chain,
  type ChainDevice,
  type ChainSlave,
  type Datatype,
  type TerminalDefinition,
  u16,
} from '../model/index.ts';
import { iecType } from './iec-type.ts';
import type { Area } from './image.ts';
import { type Entry, type Pdo, processData } from './process-data.ts';

/** One entry of the symbol table and where it lies. */
export interface Variable {
  /** `Term 5 (EL3104).AI Standard Channel 1` */
  readonly name: string;
  readonly area: Area;
  /** From the start of the area. */
  readonly bit: number;
  readonly bits: number;
  readonly typeName: string;
  readonly structured: boolean;
  readonly entries: readonly Entry[];
  /** Whose it is; variables of the master have no slave. */
  readonly owner: { readonly device: ChainDevice; readonly slave?: ChainSlave };
}

/** A structure of the data type table. */
export interface Structure {
  readonly name: string;
  readonly bytes: number;
  readonly entries: readonly Entry[];
}

/** Every variable of a plant, and the sizes of the memory that holds them. */
export interface Layout {
  readonly variables: readonly Variable[];
  readonly structures: readonly Structure[];
  readonly sizes: Readonly<Record<Area, number>>;
}

export type Definitions = ReadonlyMap<string, TerminalDefinition>;

/**
 * Places the process data of all terminals one after the other, in bus order; what the master adds
 * follows. Throws `simulator/unknown-terminal` for a slave that no definition describes.
 */
export function layoutOf(chain: Chain, definitions: Definitions): Layout {
  const plan = new Plan();
  for (const device of chain.devices) {
    for (const slave of device.slaves) {
      const definition = definitionOf(slave, definitions);
      for (const pdo of processData(definition)) {
        plan.place(`${slave.name}.${pdo.name}`, pdo, { device, slave });
      }
    }
  }
  for (const device of chain.devices) {
    for (const slave of device.slaves) {
      for (const name of runtimeBits(definitionOf(slave, definitions).group)) {
        plan.place(`${slave.name}.WcState.${name}`, single(bool, 'inputs'), { device, slave });
      }
    }
    // The first master's structures have bare names; a name can stand for one of them only.
    const prefix = device === chain.devices[0] ? '' : `${device.name}.`;
    for (const pdo of masterData) plan.place(`${prefix}${pdo.name}`, pdo, { device });
    plan.place(`${prefix}${SYNC_UNIT}`, single(bool, 'inputs'), { device });
  }
  return plan.layout();
}

export function definitionOf(slave: ChainSlave, definitions: Definitions): TerminalDefinition {
  const definition = definitions.get(slave.type);
  if (definition !== undefined) return definition;
  throw new IocError(
    'simulator/unknown-terminal',
    `Slave "${slave.name}" is of type ${slave.type}, which no terminal definition describes: ` +
      `add config/terminals/${slave.type}.yaml or take the slave out of the chain`,
  );
}

const SYNC_UNIT = 'SyncUnits.<default>.<unreferenced>.WcState.WcState';

const withToggle = new Set(['DigIn', 'AnaIn', 'Measuring', 'PowerSupply']);

/** Bits that the master adds to a terminal; couplers and extensions have none. */
function runtimeBits(group: string): string[] {
  if (group === 'CpBk' || group === 'SystemBk') return [];
  return withToggle.has(group) ? ['WcState', 'InputToggle'] : ['WcState'];
}

/** Structures of a master with one cyclic frame (facts/ads.md section 7). */
const masterData: readonly Pdo[] = [
  words('Inputs', 'inputs', 16, {
    Frm0State: 0,
    Frm0WcState: 2,
    Frm0InputToggle: 4,
    SlaveCount: 10,
    DevState: 14,
  }),
  words('Outputs', 'outputs', 6, { Frm0Ctrl: 0, Frm0WcCtrl: 2, DevCtrl: 4 }),
];

function words(name: string, area: Area, bytes: number, at: Record<string, number>): Pdo {
  const entries = Object.entries(at).map(([member, byte]) => entry(member, u16, byte * 8, 16));
  return { name, typeName: `${name}_TYPE`, area, bits: bytes * 8, structured: true, entries };
}

function single(datatype: Datatype, area: Area): Pdo {
  const entries = [entry('', datatype, 0, 1)];
  return { name: '', typeName: '', area, bits: 1, structured: false, entries };
}

function entry(name: string, datatype: Datatype, bit: number, bits: number): Entry {
  return { name, datatype, bit, bits, within: false };
}

/** Hands out memory and type names. */
class Plan {
  readonly #variables: Variable[] = [];
  readonly #structures = new Map<string, { structure: Structure; shape: string }>();
  readonly #used: Record<Area, number> = { outputs: 0, inputs: 0 };

  place(name: string, pdo: Pdo, owner: Variable['owner']): void {
    const { area, bits, structured, entries } = pdo;
    const bit = bits === 1 && !structured ? this.#used[area] : wholeBytes(this.#used[area]);
    this.#used[area] = bit + bits;
    const typeName = this.#typeName(pdo);
    this.#variables.push({ name, area, bit, bits, typeName, structured, entries, owner });
  }

  layout(): Layout {
    const { outputs, inputs } = this.#used;
    return {
      variables: this.#variables,
      structures: [...this.#structures.values()].map(({ structure }) => structure),
      sizes: { outputs: wholeBytes(outputs) / 8, inputs: wholeBytes(inputs) / 8 },
    };
  }

  /** Terminals may have PDOs of one name and different members: the later ones get a number. */
  #typeName({ structured, entries, typeName, bits }: Pdo): string {
    const only = entries[0];
    if (!structured && only !== undefined) return iecType(only.datatype).name;
    const members = entries.filter(({ within }) => !within);
    const shape = JSON.stringify(members.map((m) => [m.name, iecType(m.datatype).name, m.bit]));
    for (let number = 0; ; number++) {
      const name = number === 0 ? typeName : typeName.replace(/_TYPE$/, `_${number}_TYPE`);
      const known = this.#structures.get(name);
      if (known?.shape === shape) return name;
      if (known !== undefined) continue;
      this.#structures.set(name, { structure: { name, bytes: bits / 8, entries: members }, shape });
      return name;
    }
  }
}

function wholeBytes(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}
