/** What start-up commands do to an IOC. */
export interface IocControl {
  /** `dbLoadRecords`: a .db or .template file, with macros as `A=1,B=2`. */
  loadRecords(file: string, macros: string): void;
  /** `dbLoadTemplate`: a .substitutions file. */
  loadTemplate(file: string, macros: string): void;
  /** `iocInit`: makes the records, processes those that want it, and serves them. */
  init(): Promise<void>;
  /** Whether `init` was called. */
  readonly isInitialised: boolean;
  /** The lines that say what IOC this is. */
  readonly release: readonly string[];
}
