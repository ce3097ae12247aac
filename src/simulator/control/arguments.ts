import { IocError } from '../../kernel/index.ts';

/** What came with a command: members of one JSON object. */
export class Arguments {
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = given;
  }

  /** Throws `simulator/control` when it is missing or no text. */
  text(name: string): string {
    const value = this.#given[name];
    if (typeof value === 'string') return value;
    throw wrong(name, 'a text', value);
  }

  optionalText(name: string): string | undefined {
    return this.#given[name] === undefined ? undefined : this.text(name);
  }

  /** Throws `simulator/control` when it is no number, or missing without a default. */
  number(name: string, otherwise?: number): number {
    const value = this.#given[name] ?? otherwise;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw wrong(name, 'a number', value);
  }

  optionalNumber(name: string): number | undefined {
    return this.#given[name] === undefined ? undefined : this.number(name);
  }

  /** True unless told. */
  flag(name: string): boolean {
    const value = this.#given[name] ?? true;
    if (typeof value === 'boolean') return value;
    throw wrong(name, 'true or false', value);
  }

  textOrNumber(name: string): string | number {
    return typeof this.#given[name] === 'number' ? this.number(name) : this.text(name);
  }
}

function wrong(name: string, wanted: string, value: unknown): IocError {
  const found = value === undefined ? 'it is missing' : `not ${JSON.stringify(value)}`;
  return new IocError('simulator/control', `"${name}" must be ${wanted}: ${found}`);
}
