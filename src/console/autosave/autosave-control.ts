import type { Lines } from '../command.ts';

/** Settings that commands make. */
export interface AutosaveSettings {
  /** Where save files are. */
  folder: string;
  /** Where request files are looked for. */
  readonly requests: string[];
  status: string;
  readonly sequence: { files: number; period: number };
  retry: number;
  incomplete: boolean;
  /** Dated copies that are kept; 0 for one `.bu`. */
  copies: number;
}

/** A set as commands name it. */
export interface NamedSet {
  readonly request: string;
  readonly macros: string;
  readonly method: 'monitored' | 'periodic' | 'triggered' | 'manual';
  readonly period: number;
  readonly trigger: string;
}

/** What the commands of autosave do to an IOC. What is wrong with an order is thrown. */
export interface AutosaveControl {
  readonly settings: AutosaveSettings;
  /** Names a file that comes back at iocInit. */
  restoreFile(pass: 0 | 1, file: string, macros: string): void;
  /** Adds a set, or one in place of that of the same file; before iocInit it waits for that. */
  addSet(set: NamedSet): void;
  removeSet(request: string): boolean;
  /** Saves a set now, to its own file or to another. */
  save(request: string, file: string): Promise<void>;
  /** Puts what a save file holds to its PVs; how many did not take it. */
  restoreNow(file: string, macros: string): Promise<number>;
  /** Writes a request file of the fields that records name in an info tag. */
  writeRequests(file: string, tag: string): void;
  /** Builds a request file of those that lie beside the databases which are loaded from now on. */
  build(file: string, suffix: string, on: boolean): void;
  show(): Lines;
}
