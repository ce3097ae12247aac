import type { Bus, Slave } from './bus.ts';
import type { Location } from './image.ts';
import type { Plant } from './plant.ts';

/** A status word's toggle bit, and the bit of the image that it is. */
type Toggle = { readonly slave: Slave; readonly bit: number };

/**
 * What the master and the terminals themselves say of each cycle: WcState (1 is invalid),
 * InputToggle, the TxPDO toggle of status words, and the master's own structures.
 */
export class BusStatus {
  readonly #plant: Plant;
  readonly #wcStates: readonly Toggle[];
  readonly #toggles: readonly Toggle[];
  readonly #masters: readonly { readonly bus: Bus; readonly words: MasterWords }[];

  constructor(plant: Plant) {
    this.#plant = plant;
    const slaves = plant.buses.flatMap((bus) => bus.slaves);
    this.#wcStates = slaves.flatMap((slave) => bitNamed(plant, slave, 'WcState.WcState'));
    this.#toggles = [
      ...slaves.flatMap((slave) => bitNamed(plant, slave, 'WcState.InputToggle')),
      ...txPdoToggles(plant, slaves),
    ];
    this.#masters = plant.buses.map((bus, i) => ({ bus, words: masterWords(plant, bus, i) }));
  }

  /** Writes the state of the cycle of this number into the image. */
  update(cycle: number): void {
    const { image } = this.#plant;
    const toggle = cycle & 1;
    for (const { slave, bit } of this.#wcStates) image.setBit(bit, slave.exchanging ? 0 : 1);
    for (const { slave, bit } of this.#toggles) if (slave.exchanging) image.setBit(bit, toggle);
    for (const { bus, words } of this.#masters) {
      const healthy = bus.slaves.every((slave) => slave.exchanging);
      this.#put(words.frameState, 0);
      this.#put(words.frameWcState, healthy ? 0 : 1);
      this.#put(words.inputToggle, toggle);
      this.#put(words.slaveCount, bus.slaves.length);
      // Bit 0 of DevState tells of a link or slave that is missing.
      this.#put(words.deviceState, healthy ? 0 : 1);
    }
  }

  #put({ byte }: Location, value: number): void {
    this.#plant.image.bytes[byte] = value;
    this.#plant.image.bytes[byte + 1] = value >>> 8;
  }
}

type MasterWords = Readonly<
  Record<'frameState' | 'frameWcState' | 'inputToggle' | 'slaveCount' | 'deviceState', Location>
>;

function masterWords({ names }: Plant, bus: Bus, index: number): MasterWords {
  const prefix = index === 0 ? 'Inputs' : `${bus.facts.name}.Inputs`;
  const at = (member: string) => names.resolve(`${prefix}.${member}`).location;
  return {
    frameState: at('Frm0State'),
    frameWcState: at('Frm0WcState'),
    inputToggle: at('Frm0InputToggle'),
    slaveCount: at('SlaveCount'),
    deviceState: at('DevState'),
  };
}

function bitNamed({ names }: Plant, slave: Slave, name: string): Toggle[] {
  const location = names.find(`${slave.facts.name}.${name}`)?.location;
  return location === undefined ? [] : [{ slave, bit: location.byte * 8 + location.bit }];
}

/** The toggle bits of status words, in all inputs of all slaves. */
function txPdoToggles({ layout, names }: Plant, slaves: readonly Slave[]): Toggle[] {
  const byFacts = new Map(slaves.map((slave) => [slave.facts, slave]));
  return layout.variables.flatMap((variable) => {
    const slave = variable.owner.slave && byFacts.get(variable.owner.slave);
    if (slave === undefined || variable.area !== 'inputs') return [];
    return variable.entries.flatMap((entry) => {
      const { byte, bit } = names.named(variable, entry).location;
      return (entry.definition?.fields ?? [])
        .filter((field) => /toggle/i.test(`${field.name} ${field.description}`))
        .map((field) => ({ slave, bit: byte * 8 + bit + field.bit }));
    });
  });
}
