/** Variables of the process as the shell sees and sets them: `process.env`, or a test's own. */
export type Variables = Record<string, string | undefined>;

/** The environment of the IOC: what macros fall back on, what servers and the prompt are set by. */
export class Environment {
  readonly variables: Variables;

  constructor(variables: Variables) {
    this.variables = variables;
  }

  get(name: string): string | undefined {
    return this.variables[name];
  }

  set(name: string, value: string): void {
    this.variables[name] = value;
  }

  unset(name: string): void {
    delete this.variables[name];
  }

  /** Every variable, by name. */
  entries(): readonly (readonly [string, string])[] {
    const set = Object.entries(this.variables).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return set.toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** What asks for the next command. */
  get prompt(): string {
    return this.get('IOCSH_PS1') ?? 'epics> ';
  }
}
