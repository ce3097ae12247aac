import type { EnumLabel } from './attribute.ts';
import type { Datatype } from './datatype.ts';
import type { Value } from './value.ts';

/** A variable of a simulated PLC. */
export interface PlcVariable {
  /** `MAIN.fbPump.eState` */
  readonly name: string;
  readonly datatype: Datatype;
  /** Name of its type where that is no elementary one: an enumeration, or an alias. */
  readonly typeName?: string;
  /** The names of an enumeration's values. */
  readonly labels?: readonly EnumLabel[];
  readonly comment?: string;
  readonly readOnly?: boolean;
  /** What it holds after a start; zeros unless told. */
  readonly value?: Value;
}

/** The program of a simulated PLC, and at which AMS port it runs. */
export interface PlcProgram {
  readonly port: number;
  readonly variables: readonly PlcVariable[];
}
