import { IocError } from '../kernel/index.ts';
import type { Chain, ChainDevice, ChainSlave, TerminalDefinition } from '../model/index.ts';
import { iecType } from './iec-type.ts';
import type { Area } from './image.ts';
import { masterData, singleBit, singleWord } from './master-data.ts';
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
  /** Bytes that belong to nothing. */
  readonly gaps: readonly { readonly area: Area; readonly byte: number; readonly bytes: number }[];
}

export type Definitions = ReadonlyMap<string, TerminalDefinition>;

/** What a layout may have beside the bytes of its terminals. */
export interface LayoutOptions {
  /** Cyclic frames of each master, 1 unless told. */
  readonly frames?: number;
  /** Bytes that nothing uses, before the process data of a slave of this name. */
  readonly gap?: { readonly before: string; readonly bytes: Readonly<Record<Area, number>> };
}

/**
 * Places the process data of all terminals one after the other, in bus order; what the master adds
 * follows. Throws `simulator/unknown-terminal` for a slave that no definition describes.
 */
export function layoutOf(
  chain: Chain,
  definitions: Definitions,
  { frames = 1, gap }: LayoutOptions = {},
): Layout {
  const plan = new Plan();
  for (const device of chain.devices) {
    for (const slave of device.slaves) {
      if (slave.name === gap?.before) plan.skip(gap.bytes);
      for (const pdo of processData(definitionOf(slave, definitions))) {
        plan.place(`${slave.name}.${pdo.name}`, pdo, { device, slave });
      }
    }
  }
  for (const device of chain.devices) {
    for (const slave of device.slaves) {
      for (const name of runtimeBits(definitionOf(slave, definitions).group)) {
        plan.place(`${slave.name}.WcState.${name}`, singleBit('inputs'), { device, slave });
      }
    }
    for (const slave of device.slaves) {
      if (runtimeBits(definitionOf(slave, definitions).group).length === 0) continue;
      plan.place(`${slave.name}.InfoData.State`, singleWord('inputs'), { device, slave });
    }
    // The first master's structures have bare names; a name can stand for one of them only.
    const prefix = device === chain.devices[0] ? '' : `${device.name}.`;
    for (const pdo of masterData(frames)) plan.place(`${prefix}${pdo.name}`, pdo, { device });
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

const withToggle = new Set(['DigIn', 'AnaIn', 'Measuring', 'PowerSupply']);

/** Bits that the master adds to a terminal; couplers and extensions have none. */
function runtimeBits(group: string): string[] {
  if (group === 'CpBk' || group === 'SystemBk') return [];
  return withToggle.has(group) ? ['WcState', 'InputToggle'] : ['WcState'];
}

/** Hands out memory and type names. */
class Plan {
  readonly #variables: Variable[] = [];
  readonly #structures = new Map<string, { structure: Structure; shape: string }>();
  readonly #used: Record<Area, number> = { outputs: 0, inputs: 0 };
  readonly #gaps: { area: Area; byte: number; bytes: number }[] = [];

  /** Leaves whole bytes out. */
  skip(bytes: Readonly<Record<Area, number>>): void {
    for (const area of ['outputs', 'inputs'] as const) {
      const from = wholeBytes(this.#used[area]);
      this.#gaps.push({ area, byte: from / 8, bytes: bytes[area] });
      this.#used[area] = from + bytes[area] * 8;
    }
  }

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
      gaps: this.#gaps,
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
