import type { AdsSymbol } from '../ads/index.ts';
import { snakeCase, text, u16 } from '../model/index.ts';
import type { DeviceFacts } from './facts.ts';
import { inRegion, type PlantAttribute } from './plant-attribute.ts';
import type { ProcessData } from './process-attributes.ts';
import type { Region } from './source.ts';

/** A word of the structures that a master adds (facts/ads.md section 7). */
interface CyclicMember {
  readonly name: string;
  readonly structure: Structure;
  readonly member: string;
  /** Place in the structure of a master with one cyclic frame. */
  readonly byte: number;
  readonly description: string;
}
type Structure = 'Inputs' | 'Outputs';

const members: readonly CyclicMember[] = [
  word('inputs_slave_count', 'Inputs', 'SlaveCount', 10, 'Slaves seen by the master'),
  word('inputs_dev_state', 'Inputs', 'DevState', 14, 'State bits of the master'),
  word('outputs_dev_ctrl', 'Outputs', 'DevCtrl', 4, 'Control bits of the master'),
  word('in_frm0_state', 'Inputs', 'Frm0State', 0, 'State of frame 0: lost datagrams'),
  word('in_frm0_wc_state', 'Inputs', 'Frm0WcState', 2, 'Wrong working counters of frame 0'),
  word('in_frm0_inp_toggle', 'Inputs', 'Frm0InputToggle', 4, 'Toggles when frame 0 came'),
  word('out_frm0_ctrl', 'Outputs', 'Frm0Ctrl', 0, 'Control bits of frame 0'),
  word('out_frm0_wc_ctrl', 'Outputs', 'Frm0WcCtrl', 2, 'Working counter control of frame 0'),
];

/** Bytes of the structures of a master with one frame; more frames move what follows them. */
const ONE_FRAME: Readonly<Record<Structure, number>> = { Inputs: 16, Outputs: 6 };

/** A word that was found: its region, and where in it. */
type Found = { readonly region: Region; readonly byte: number };

/**
 * What the cyclic frames of a master say. Members lie where the plant's data types put them; words
 * of further frames (`Frm1State`) and others that the master has are served by their own names.
 */
export function cyclicAttributes(device: DeviceFacts, process: ProcessData) {
  const structures = { Inputs: found('Inputs'), Outputs: found('Outputs') };
  const attributes: PlantAttribute[] = [];
  const missing: string[] = [];
  const served = new Set<string>();
  let inputs: Region | undefined;
  for (const { name, structure, member, byte, description } of members) {
    const path = `${structure}.${member}`;
    const place = structures[structure].member(path, member, byte);
    if (!place) {
      missing.push(path);
      continue;
    }
    served.add(path);
    if (structure === 'Inputs') inputs ??= place.region;
    attributes.push(inRegion(name, description, u16, { ...place, bit: 0 }));
  }
  for (const structure of ['Inputs', 'Outputs'] as const) {
    attributes.push(...structures[structure].others(served));
  }
  if (inputs) attributes.unshift(timestamp(inputs));
  const problems =
    missing.length > 0 ? [`${device.name}: not in the symbol table: ${missing.join(', ')}`] : [];
  return { attributes, problems };

  function found(structure: Structure): MasterStructure {
    return new MasterStructure(structure, device, process);
  }
}

/** `Inputs` or `Outputs` of one master, listed as a whole or member by member. */
class MasterStructure {
  readonly #structure: Structure;
  readonly #process: ProcessData;
  readonly #prefixes: readonly string[];
  readonly #entry: AdsSymbol | undefined;
  readonly #places = new Map<string, number>();

  constructor(structure: Structure, device: DeviceFacts, process: ProcessData) {
    this.#structure = structure;
    this.#process = process;
    // Some servers put the device's name ahead; a bare name can be one master's only.
    this.#prefixes = process.isFirst ? [`${device.name}.`, ''] : [`${device.name}.`];
    this.#entry = this.#get(structure);
    for (const { name, bit, bits } of this.#members()) {
      if (bits === 16 && bit % 8 === 0) this.#places.set(name, bit / 8);
    }
  }

  /** Where a word lies; `byte` is its place if there is one frame. */
  member(path: string, member: string, byte: number): Found | undefined {
    const single = this.#get(path);
    if (single) return { region: this.#region(single), byte: 0 };
    const entry = this.#entry;
    if (!entry) return undefined;
    const at = this.#places.size > 0 ? this.#places.get(member) : this.#usual(entry, member, byte);
    if (at === undefined || at + 2 > entry.size) return undefined;
    return { region: this.#region(entry), byte: at };
  }

  /** Words that the data types name beside those of every master. */
  others(served: ReadonlySet<string>): PlantAttribute[] {
    const entry = this.#entry;
    if (!entry) return [];
    return [...this.#places]
      .filter(([name, at]) => !served.has(`${this.#structure}.${name}`) && at + 2 <= entry.size)
      .map(([name, byte]) => {
        const description = `${this.#structure}.${name}`;
        const place = { region: this.#region(entry), byte, bit: 0 };
        return inRegion(memberName(this.#structure, name), description, u16, place);
      });
  }

  /** The first frame is where it always is; what follows has moved if the structure has grown. */
  #usual({ size }: AdsSymbol, member: string, byte: number): number | undefined {
    const holds = member.startsWith('Frm0') || size === ONE_FRAME[this.#structure];
    return holds ? byte : undefined;
  }

  #members() {
    const entry = this.#entry;
    if (!entry) return [];
    const type = this.#process.types.typeOf({ ...entry, bits: 8 * entry.size });
    return type.kind === 'members' ? type.members : [];
  }

  #get(path: string): AdsSymbol | undefined {
    for (const prefix of this.#prefixes) {
      const entry = this.#process.symbols.get(`${prefix}${path}`);
      if (entry) return entry;
    }
    return undefined;
  }

  #region({ group, offset, size }: AdsSymbol): Region {
    const { target } = this.#process;
    return { target, group, offset, length: Math.max(1, size), update: 'notify' };
  }
}

/** `Frm1InputToggle` → `in_frm1_inp_toggle`, as the first frame's; others as they are called. */
function memberName(structure: Structure, member: string): string {
  const words = snakeCase(member.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' '));
  const frame = structure === 'Inputs' ? 'in' : 'out';
  return /^frm\d/.test(words)
    ? `${frame}_${words.replace('input_toggle', 'inp_toggle')}`
    : `${structure.toLowerCase()}_${words}`;
}

function timestamp(region: Region): PlantAttribute {
  return {
    name: 'timestamp',
    description: 'Time of the newest cyclic data of the master',
    datatype: text(80),
    access: 'r',
    source: { kind: 'stamp', region },
  };
}

function word(
  name: string,
  structure: Structure,
  member: string,
  byte: number,
  description: string,
): CyclicMember {
  return { name, structure, member, byte, description };
}
