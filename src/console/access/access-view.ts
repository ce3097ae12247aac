import type { AccessFile } from '../../database/index.ts';
import type { AccessSecurity } from '../../pv/index.ts';

/** Access security as the console shows it and sets it up. */
export interface AccessView {
  readonly security: AccessSecurity;
  /** What the rules in force say; undefined where there are none. */
  readonly inForce: AccessFile | undefined;
  /** Names the file; it is read by `init`. */
  setFile(path: string): void;
  /** Macros for the file, as `A=1,B=2`. */
  setMacros(macros: string): void;
  /** Reads the file, once the IOC runs. Rejects for a file with mistakes; the rules before stay. */
  init(): Promise<void>;
  /** Whether a file is named. */
  readonly isNamed: boolean;
}
