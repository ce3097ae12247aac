import type { Clock, Log } from '../../kernel/index.ts';
import type { PvDirectory, PvValue } from '../../pv/index.ts';
import type { FileCalls } from './disk.ts';

/** When a set is saved. */
export type SaveMethod =
  /** At the end of each period in which something changed. */
  | { readonly kind: 'monitored'; readonly period: number }
  /** Every period, seconds. */
  | { readonly kind: 'periodic'; readonly period: number }
  /** Whenever a PV changes. */
  | { readonly kind: 'triggered'; readonly pv: string }
  | { readonly kind: 'manual' };

/** A set of PVs that go into one file. */
export interface SaveSetOptions {
  /** Request file; the save file has its name with `.sav` for its suffix. */
  readonly request: string;
  readonly macros?: string;
  readonly method: SaveMethod;
  /** Fields that records name in this info tag are saved, too; then the request file may be missing. */
  readonly tag?: string;
}

/** A file whose values come back before (0) or after (1) records are initialised. */
export interface RestoreFile {
  readonly file: string;
  readonly pass: 0 | 1;
  readonly macros?: string;
}

/** Settings of all sets. Times in seconds. */
export interface AutosaveOptions {
  /** Folder of the save files. */
  readonly folder: string;
  /** Folders of request files; the working folder if there are none. */
  readonly requests: readonly string[];
  /** How many `.sav0`, `.sav1` … are kept, at most 10, and how often one is written. */
  readonly sequence: { readonly files: number; readonly period: number };
  /** Pause after a save that failed, at least 10. */
  readonly retry: number;
  /** Whether sets are saved and restored of which some values are missing. */
  readonly incomplete: boolean;
  /** Dated copies that are kept: of the file at each start, of broken files. 0: one `.bu`. */
  readonly copies: number;
  /** What the names of the status PVs begin with. */
  readonly status?: string;
  /** Values of PVs that are not there stay in the file: a plant comes after its IOC. */
  readonly keepsAbsent?: boolean;
}

/** What autosave needs of the records, beside their PVs. */
export interface AutosaveRecords {
  /** Sets a field as a database file would: nothing processes or posts. Throws when it cannot. */
  configure(record: string, field: string, value: PvValue): void;
  /** Records with an info tag, and what it says. */
  tagged(tag: string): Iterable<readonly [record: string, text: string]>;
}

/** What autosave is given. */
export interface AutosaveMeans {
  readonly directory: PvDirectory;
  readonly records: AutosaveRecords;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: Clock;
  /** File operations; tests give their own. */
  readonly calls?: FileCalls;
}

/** Seconds between two saves of a set, at least: what the C module keeps to. */
export const SHORTEST_PERIOD = 4;

/** How well something went, in the numbers of SR_status. */
export const SaveStatus = { none: 0, failure: 1, warning: 2, sequence: 3, ok: 4 } as const;
export type SaveStatus = (typeof SaveStatus)[keyof typeof SaveStatus];

/** A status and what it is about. */
export interface Report {
  readonly status: SaveStatus;
  readonly text: string;
}
