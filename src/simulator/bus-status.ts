import type { Bus } from './bus.ts';
import type { Configuration } from './configuration.ts';
import type { Location } from './image.ts';
import type { Slave } from './slave.ts';

/** A bit of the image that tells of a slave. */
type StatusBit = { readonly slave: Slave; readonly bit: number };

/** A bit that changes with every cycle, and the symbol that it is in. */
type Toggle = StatusBit & { readonly symbol: string; value: number };

/**
 * What the master and the terminals themselves say of each cycle: WcState (1 is invalid),
 * InputToggle, InfoData.State, the TxPDO toggle of status words, and the master's own structures.
 */
export class BusStatus {
  readonly #plant: Configuration;
  readonly #wcStates: readonly StatusBit[];
  readonly #toggles: readonly Toggle[];
  readonly #states: readonly { readonly slave: Slave; readonly at: Location }[];
  readonly #masters: readonly { readonly bus: Bus; readonly words: MasterWords }[];

  constructor(plant: Configuration) {
    this.#plant = plant;
    const slaves = plant.buses.flatMap((bus) => bus.slaves);
    this.#wcStates = slaves.flatMap((slave) => bitNamed(plant, slave, 'WcState.WcState'));
    this.#toggles = [
      ...slaves.flatMap((slave) => inputToggles(plant, slave)),
      ...txPdoToggles(plant, slaves),
    ];
    this.#states = slaves.flatMap((slave) => {
      const at = plant.names.find(`${slave.facts.name}.InfoData.State`)?.location;
      return at === undefined ? [] : [{ slave, at }];
    });
    this.#masters = plant.buses.map((bus, i) => ({ bus, words: masterWords(plant, bus, i) }));
  }

  /** Writes the state of the cycle of this number into the image. */
  update(cycle: number): void {
    const { image } = this.#plant;
    const toggle = cycle & 1;
    for (const { slave, bit } of this.#wcStates) image.setBit(bit, slave.exchanging ? 0 : 1);
    for (const each of this.#toggles) {
      if (each.slave.exchanging && !isFrozen(each)) each.value = toggle;
      image.setBit(each.bit, each.value);
    }
    for (const { slave, at } of this.#states) this.#put(at, slave.state | (slave.link << 8));
    for (const { bus, words } of this.#masters) {
      const healthy = bus.slaves.every((slave) => slave.exchanging);
      for (const { state, wcState, inputToggle } of words.frames) {
        this.#put(state, 0);
        this.#put(wcState, healthy ? 0 : 1);
        this.#put(inputToggle, toggle);
      }
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

type FrameWords = Readonly<Record<'state' | 'wcState' | 'inputToggle', Location>>;
type MasterWords = Readonly<Record<'slaveCount' | 'deviceState', Location>> & {
  readonly frames: readonly FrameWords[];
};

function masterWords({ names }: Configuration, bus: Bus, index: number): MasterWords {
  const prefix = index === 0 ? 'Inputs' : `${bus.facts.name}.Inputs`;
  const at = (member: string) => names.resolve(`${prefix}.${member}`).location;
  return {
    frames: Array.from({ length: bus.frames }, (_, frame) => ({
      state: at(`Frm${frame}State`),
      wcState: at(`Frm${frame}WcState`),
      inputToggle: at(`Frm${frame}InputToggle`),
    })),
    slaveCount: at('SlaveCount'),
    deviceState: at('DevState'),
  };
}

function bitNamed({ names }: Configuration, slave: Slave, name: string): StatusBit[] {
  const location = names.find(`${slave.facts.name}.${name}`)?.location;
  return location === undefined ? [] : [{ slave, bit: location.byte * 8 + location.bit }];
}

function isFrozen({ slave: { frozen, facts }, symbol }: Toggle): boolean {
  return frozen.size > 0 && (frozen.has(symbol) || frozen.has(facts.name));
}

function inputToggles(plant: Configuration, slave: Slave): Toggle[] {
  const symbol = 'WcState.InputToggle';
  const whole = `${slave.facts.name}.${symbol}`;
  return bitNamed(plant, slave, symbol).map((bit) => ({ ...bit, symbol: whole, value: 0 }));
}

/** The toggle bits of status words, in all inputs of all slaves. */
function txPdoToggles({ layout, names }: Configuration, slaves: readonly Slave[]): Toggle[] {
  const byFacts = new Map(slaves.map((slave) => [slave.facts, slave]));
  return layout.variables.flatMap((variable) => {
    const slave = variable.owner.slave && byFacts.get(variable.owner.slave);
    if (slave === undefined || variable.area !== 'inputs') return [];
    return variable.entries.flatMap((entry) => {
      const { byte, bit } = names.named(variable, entry).location;
      return (entry.definition?.fields ?? [])
        .filter((field) => /toggle/i.test(`${field.name} ${field.description}`))
        .map((field) => {
          return { slave, bit: byte * 8 + bit + field.bit, symbol: variable.name, value: 0 };
        });
    });
  });
}
