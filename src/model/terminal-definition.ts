import type { AlarmStatus, Severity } from './alarm.ts';
import type { EnumLabel, Scale } from './attribute.ts';
import type { Datatype } from './datatype.ts';

/** How a number is shown to people; every member is optional because many raw counts need none. */
export interface Presentation {
  readonly unit?: string;
  readonly precision?: number;
  readonly scale?: Scale;
  readonly range?: { readonly low: number; readonly high: number };
  /** First and last value that can be a measurement; the ends of the range unless told. */
  readonly limits?: { readonly low: number; readonly high: number };
  readonly labels?: readonly EnumLabel[];
}

/** What a field's values mean for the values that it stands beside. */
export interface FieldAlarm {
  /** Raw values of the field that mean trouble; a toggle's trouble is to stand still. */
  readonly trouble: readonly number[] | 'standstill';
  readonly status: AlarmStatus;
  readonly severity: Severity;
}

/** A field of a status or control word, at its true position in the word. */
export interface BitField extends Presentation {
  /** Attribute name; may hold `{channel}`. */
  readonly name: string;
  readonly description: string;
  readonly bit: number;
  /** 1 is a two-state attribute, more is a small unsigned integer. */
  readonly width: number;
  /** Set when the field tells whether the values of its channel can be believed. */
  readonly alarm?: FieldAlarm;
  /** Name of the database template that says more of its record. */
  readonly template?: string;
}

/** One process-data entry of a terminal, repeated over its channels. */
export interface SymbolDefinition extends Presentation {
  /** Attribute name in snake_case; may hold `{channel}`. */
  readonly name: string;
  /** Name in the symbol table after `<box name>.`: `AI Standard Channel {channel}.Value`. */
  readonly symbol: string;
  readonly description: string;
  readonly datatype: Datatype;
  readonly channels: readonly number[];
  readonly access: 'r' | 'rw';
  /** Index group that the terminal's ESI file suggests; only a simulation needs it. */
  readonly indexGroup: number;
  /** Byte and bit inside the PDO (the name's first part), for tables that list only the PDO. */
  readonly byte: number;
  readonly bit: number;
  /** PDO set that the entry belongs to, where the terminal has alternatives. */
  readonly pdoGroup?: string;
  readonly selected: boolean;
  /** Name of the database template that says more of its records. */
  readonly template?: string;
  /** Fields that are derived from this word without reading it again. */
  readonly fields: readonly BitField[];
}

/** One subindex of a CoE object. */
export interface CoeEntry extends Presentation {
  readonly name: string;
  readonly description: string;
  readonly subindex: number;
  readonly datatype: Datatype;
  readonly access: 'r' | 'rw';
  /** Little-endian bytes after power-up, as hex. */
  readonly default?: string;
}

export interface CoeObject {
  readonly index: number;
  readonly name: string;
  /** Calibration and vendor data: read-only unless the configuration says otherwise. */
  readonly protected?: boolean;
  readonly entries: readonly CoeEntry[];
}

/** Vendor, product code and revision by which a slave says what it is. */
export interface TerminalIdentity {
  readonly vendor: number;
  readonly product: number;
  readonly revision: number;
}

/** What is known of a terminal type before any terminal was seen: `config/terminals/<type>.yaml`. */
export interface TerminalDefinition {
  readonly type: string;
  readonly description: string;
  /** DigIn, DigOut, AnaIn, AnaOut, Measuring, PowerSupply, CpBk (coupler) or SystemBk (extension). */
  readonly group: string;
  readonly identity: TerminalIdentity;
  /** The PDO set in use unless the live table says otherwise. */
  readonly pdoGroup?: string;
  readonly symbols: readonly SymbolDefinition[];
  readonly coe: readonly CoeObject[];
}
