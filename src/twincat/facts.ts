import type { AdsSymbol, AmsNetId, AmsPort, DataTypeEntry } from '../ads/index.ts';
import type { PortNeighbours } from './port-neighbours.ts';

/** Vendor, product, revision and serial number as the master reports them. */
export interface Identity {
  readonly vendor: number;
  readonly product: number;
  readonly revision: number;
  readonly serial: number;
}

/** A slave as found on the bus, in bus order. */
export interface SlaveFacts {
  /** Fixed EtherCAT station address, also its AMS port. */
  readonly address: number;
  readonly type: string;
  readonly name: string;
  readonly identity: Identity;
  /** What is plugged into its ports, where the master tells. */
  readonly neighbours?: PortNeighbours;
}

/** An EtherCAT master of the I/O server. */
export interface DeviceFacts {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  readonly netId: AmsNetId;
  readonly identity: Identity;
  readonly slaves: readonly SlaveFacts[];
  /** It counts how far its distributed clocks are off. */
  readonly hasDcStatistics?: boolean;
  /** It passes commands on to the registers of its slaves, which count links that they lost. */
  readonly hasLostLinks?: boolean;
  /** Its own symbol table, where several masters have one each. */
  readonly table?: SymbolTableFacts;
}

/** A symbol table and the types of its symbols. */
export interface SymbolTableFacts {
  readonly symbolPort: AmsPort;
  readonly symbols: readonly AdsSymbol[];
  /** Layouts of the structures among them; none where the server does not tell. */
  readonly dataTypes: readonly DataTypeEntry[];
}

/** Everything that discovery asks of a plant, as plain data: the tree is a function of it. */
export interface PlantFacts extends SymbolTableFacts {
  readonly systemNetId: AmsNetId;
  readonly server: {
    readonly name: string;
    readonly major: number;
    readonly minor: number;
    readonly build: number;
  };
  readonly devices: readonly DeviceFacts[];
}
