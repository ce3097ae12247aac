import { Scope, systemClock } from '../kernel/index.ts';
import { type Chain, decodeValue, encodeValue, type Value } from '../model/index.ts';
import { Script } from './control/script.ts';
import type { Counters } from './counters.ts';
import type { Faults } from './faults/faults.ts';
import type { Definitions } from './layout.ts';
import type { SimulatorOptions } from './options.ts';
import { Plant } from './plant.ts';
import type { Plc } from './plc.ts';
import { Result, refused } from './refusal.ts';
import { RunningPlant } from './running-plant.ts';
import type { Named } from './symbol-names.ts';

/** A TwinCAT system that is not there. */
export interface Simulator extends AsyncDisposable {
  /** TCP port that it listens on. */
  readonly port: number;
  /** UDP port of its router, when it has one. */
  readonly routerPort: number | undefined;
  /** What it is made of now; faults can change that. */
  readonly chain: Chain;
  readonly counters: Readonly<Counters>;
  readonly faults: Faults;
  /** Its PLC, when the chain has a program. */
  readonly plc: Plc | undefined;
  /** Value of a symbol, member or array element by its full name; throws 0x710 as AdsError. */
  read(name: string): Value;
  /** Sets one; an input keeps it until its signal moves it. */
  write(name: string, value: Value): void;
  /** The bytes behind a name; the only access to structures. */
  readBytes(name: string): Uint8Array;
}

/**
 * Serves the plant of a chain over ADS until it is disposed of or the signal fires. Throws
 * `simulator/unknown-terminal`, `simulator/no-symbol` and `simulator/loop-size` for chains that
 * do not fit the definitions, `simulator/script` for a command that there is not,
 * `simulator/listen` when the port is taken.
 */
export async function simulate(
  chain: Chain,
  definitions: Definitions,
  options: SimulatorOptions,
  signal?: AbortSignal,
): Promise<Simulator> {
  signal?.throwIfAborted();
  const plant = new Plant(chain, definitions, options.framesPerMaster);
  const script = new Script(chain.script, options.clock ?? systemClock, options.log);
  const scope = new Scope(signal);
  const dispose = () => scope[Symbol.asyncDispose]();
  const running = new RunningPlant(plant, options, scope.signal);
  try {
    await running.start(scope);
  } catch (failure) {
    await dispose();
    throw failure;
  }
  signal?.addEventListener('abort', () => void dispose(), { once: true });
  const simulator = faceOf(plant, running, dispose);
  scope.use(script).start(simulator);
  return simulator;
}

function faceOf(plant: Plant, running: RunningPlant, dispose: () => Promise<void>): Simulator {
  return {
    port: running.server.port,
    routerPort: running.routerPort,
    get chain() {
      return plant.chain;
    },
    counters: running.around.counters,
    faults: running.faults,
    plc: plant.plc,
    read: (name) => decodedAt(plant, plant.names.resolve(name)),
    write: (name, value) => setValue(plant, plant.names.resolve(name), value),
    readBytes: (name) => plant.image.read(plant.names.resolve(name).location),
    [Symbol.asyncDispose]: dispose,
  };
}

function decodedAt({ image }: Plant, { entry, location }: Named): Value {
  // A structure has no value of its own.
  if (entry === undefined) throw refused(Result.invalidData);
  return decodeValue(entry.datatype, image.read(location));
}

function setValue({ image }: Plant, { entry, location }: Named, value: Value): void {
  if (entry === undefined) throw refused(Result.invalidData);
  image.write(location, encodeValue(entry.datatype, value));
}
