import { IocError } from '../kernel/index.ts';
import type { NumericDatatype, Signal } from '../model/index.ts';
import type { Configuration } from './configuration.ts';
import { defaultSignal } from './default-signal.ts';
import { arrayStep } from './iec-type.ts';
import type { Image, Location } from './image.ts';
import type { Variable } from './layout.ts';
import type { Entry } from './process-data.ts';
import { randomFrom } from './random.ts';
import type { Slave } from './slave.ts';

/** One moving input: a number, or a row of numbers that are samples of one cycle. */
interface Motion {
  readonly slave: Slave | undefined;
  readonly signal: Signal;
  /** Bytes of the image, or its bits when the number does not fill bytes. */
  readonly byte: number;
  readonly bit: number;
  readonly bits: number;
  readonly float: boolean;
  readonly count: number;
  readonly step: number;
  /** 0 to 1 of a period, so that channels differ. */
  readonly phase: number;
}

/** Moves the inputs of a plant; the same seed and times give the same bytes. */
export class Signals {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #image: Image;
  readonly #random: () => number;
  readonly #motions: readonly Motion[];
  readonly #loops: readonly { readonly from: Location; readonly to: Location }[];

  /** Throws `simulator/no-symbol` when the chain speaks of an entry that the plant does not have. */
  constructor(plant: Configuration, seed: number) {
    this.#image = plant.image;
    this.#bytes = plant.image.bytes;
    this.#view = new DataView(this.#bytes.buffer);
    this.#random = randomFrom(seed);
    this.#motions = motionsOf(plant);
    this.#loops = plant.chain.loops.map(({ from, to }) => wire(plant, from, to));
  }

  /** What the inputs hold `seconds` after the start. */
  move(seconds: number, cycleSeconds: number): void {
    for (let i = 0; i < this.#motions.length; i++) {
      const motion = this.#motions[i];
      if (motion !== undefined && motion.slave?.exchanging !== false) {
        this.#moveOne(motion, seconds, cycleSeconds);
      }
    }
    for (const { from, to } of this.#loops) this.#image.write(to, this.#image.read(from));
  }

  // hot path
  #moveOne(motion: Motion, seconds: number, cycleSeconds: number): void {
    const { signal, count, phase } = motion;
    for (let k = 0; k < count; k++) {
      const t = seconds + (k * cycleSeconds) / count;
      this.#put(motion, k, valueAt(signal, t, phase, this.#random));
    }
  }

  // hot path
  #put(motion: Motion, index: number, value: number): void {
    const at = motion.byte + index * motion.step;
    const view = this.#view;
    if (motion.float) {
      if (motion.bits === 32) view.setFloat32(at, value, true);
      else view.setFloat64(at, value, true);
      return;
    }
    switch (motion.bit === 0 ? motion.bits : 0) {
      case 8:
        view.setInt8(at, value);
        break;
      case 16:
        view.setInt16(at, value, true);
        break;
      case 32:
        view.setInt32(at, value, true);
        break;
      case 64:
        view.setUint32(at, value, true);
        view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
        break;
      default:
        for (let i = 0; i < motion.bits; i++) {
          this.#image.setBit(at * 8 + motion.bit + i, (value >> i) & 1);
        }
    }
  }
}

// hot path
/** Raw counts of a signal at a time. */
function valueAt(signal: Signal, seconds: number, phase: number, random: () => number): number {
  switch (signal.kind) {
    case 'sine': {
      const turn = seconds / signal.period + phase;
      const noise = signal.noise * (2 * random() - 1);
      return signal.mean + signal.amplitude * Math.sin(2 * Math.PI * turn) + noise;
    }
    case 'toggle':
      return Math.floor(seconds / signal.period + phase) & 1;
    case 'count':
      return Math.floor(seconds * signal.rate);
    case 'constant':
      return signal.value;
  }
}

function motionsOf(plant: Configuration): Motion[] {
  const signals = new Map<string, Signal>();
  for (const [name, signal] of Object.entries(plant.chain.signals)) {
    signals.set(existing(plant, name).symbol.name.toLowerCase(), signal);
  }
  const slaves = new Map(plant.buses.flatMap((bus) => bus.slaves.map((s) => [s.facts, s])));
  const motions: Motion[] = [];
  for (const variable of plant.layout.variables) {
    for (const entry of variable.entries) {
      const { symbol, location } = plant.names.named(variable, entry);
      const signal = signals.get(symbol.name.toLowerCase()) ?? moves(variable, entry, motions);
      if (signal === undefined) continue;
      const slave = variable.owner.slave && slaves.get(variable.owner.slave);
      const motion = motionOf(signal, slave, location, entry, motions.length);
      if (motion !== undefined) motions.push(motion);
    }
  }
  return motions;
}

const isOfMaster = /\.(WcState|InfoData)\./;

/** Inputs of terminals move by themselves; what the master adds does not. */
function moves({ area, owner, name }: Variable, entry: Entry, before: readonly Motion[]) {
  if (area !== 'inputs' || owner.slave === undefined || isOfMaster.test(name)) return undefined;
  return entry.within ? undefined : defaultSignal(entry, before.length);
}

function motionOf(
  signal: Signal,
  slave: Slave | undefined,
  { byte, bit, bits }: Location,
  { datatype }: Entry,
  ordinal: number,
): Motion | undefined {
  if (datatype.kind === 'string') return undefined;
  const array = datatype.kind === 'array';
  const element: NumericDatatype = array ? datatype.element : datatype;
  const step = arrayStep(element) / 8;
  return {
    slave,
    signal,
    byte,
    bit,
    bits: array ? step * 8 : bits,
    float: element.kind === 'float',
    count: array ? datatype.count : 1,
    step,
    phase: (ordinal * 0.381966) % 1,
  };
}

function wire(plant: Configuration, from: string, to: string) {
  const source = existing(plant, from).location;
  const target = existing(plant, to).location;
  if (source.bits === target.bits) return { from: source, to: target };
  throw new IocError(
    'simulator/loop-size',
    `Loop from "${from}" (${source.bits} bits) to "${to}" (${target.bits} bits): both ends must ` +
      'have the same size',
  );
}

function existing(plant: Configuration, name: string) {
  const named = plant.names.find(name);
  if (named !== undefined) return named;
  throw new IocError(
    'simulator/no-symbol',
    `The chain speaks of "${name}", which is not in its symbol table: ` +
      'compare with the names of the symbol table',
  );
}
