import type { PlcProgram } from './plc.ts';

/** A slave of a described plant. */
export interface ChainSlave {
  readonly type: string;
  readonly name: string;
  readonly node: number;
  readonly position: number;
  /** EtherCAT station address. */
  readonly address: number;
  /** Station address of the slave that it is plugged into, 0 for the master; else by the types. */
  readonly parent?: number;
  /** At which port of that slave, 1 (B) to 3 (D). */
  readonly port?: number;
}

export interface ChainDevice {
  readonly id: number;
  readonly name: string;
  /** 94 is EtherCAT in direct mode. */
  readonly type: number;
  readonly netId: string;
  readonly identity: {
    readonly vendor: number;
    readonly product: number;
    readonly revision: number;
    readonly serial: number;
  };
  readonly slaves: readonly ChainSlave[];
}

/** How an input of a simulated plant moves; times in seconds, values in raw counts. */
export type Signal =
  | {
      readonly kind: 'sine';
      readonly mean: number;
      readonly amplitude: number;
      readonly period: number;
      readonly noise: number;
    }
  | { readonly kind: 'toggle'; readonly period: number }
  | { readonly kind: 'count'; readonly rate: number }
  | { readonly kind: 'constant'; readonly value: number };

/** A fault that a simulated plant makes by itself. */
export interface ScriptedFault {
  /** Seconds since the plant started. */
  readonly at: number;
  /** Seconds after which it comes again, and again. */
  readonly repeat?: number;
  /** One of the simulator's control port. */
  readonly command: string;
  /** What the command takes. */
  readonly given: Readonly<Record<string, string | number | boolean>>;
}

/** A plant described in a file: `config/chains/*.yaml`. */
export interface Chain {
  readonly server: { readonly name: string; readonly version: string; readonly build: number };
  readonly systemNetId: string;
  readonly devices: readonly ChainDevice[];
  /** AMS port of the symbol table and process image. */
  readonly symbolPort: number;
  /** Inputs whose motion is not the default of their kind, by full symbol name. */
  readonly signals: Readonly<Record<string, Signal>>;
  /** Outputs wired to inputs, both by full symbol name. */
  readonly loops: readonly { readonly from: string; readonly to: string }[];
  /** The program of its PLC, if it has one. */
  readonly plc?: PlcProgram;
  /** What goes wrong by itself, and when. */
  readonly script: readonly ScriptedFault[];
}
