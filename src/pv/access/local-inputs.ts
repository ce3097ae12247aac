import { parseDouble } from '../../records/index.ts';
import type { PvDirectory, PvField } from '../types.ts';
import type { InputSource } from './inputs.ts';

/** Severity of a value that does not count. */
const INVALID = 3;

/** Told of a value, undefined while there is none. */
type Tell = (value: number | undefined) => void;

/**
 * PVs of this IOC as inputs, also those that come with a plant later; others from `remote`, which
 * has them meanwhile.
 */
export class LocalInputs implements InputSource, Disposable {
  readonly #directory: PvDirectory;
  readonly #remote: InputSource;
  readonly #watched = new Set<WatchedInput>();
  readonly #subscription: { unsubscribe(): void };
  #size: number;

  constructor(directory: PvDirectory, remote: InputSource) {
    this.#directory = directory;
    this.#remote = remote;
    this.#size = directory.size;
    this.#subscription = directory.posted$.subscribe(() => this.#refresh());
  }

  watch(pv: string, tell: Tell): Disposable {
    const input = new WatchedInput(this.#directory, this.#remote, pv, tell);
    this.#watched.add(input);
    return {
      [Symbol.dispose]: () => {
        this.#watched.delete(input);
        input[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
    for (const input of this.#watched) input[Symbol.dispose]();
    this.#watched.clear();
  }

  /** Inputs are few and batches large: to look at each input is cheaper than at each event. */
  #refresh(): void {
    const grown = this.#directory.size !== this.#size;
    this.#size = this.#directory.size;
    for (const input of this.#watched) {
      if (grown) input.find();
      input.refresh();
    }
  }
}

/** One PV: ours if there is one, else somebody else's. */
class WatchedInput implements Disposable {
  readonly #directory: PvDirectory;
  readonly #pv: string;
  readonly #tell: Tell;
  #remote: Disposable | undefined;
  #field: PvField | undefined;
  #interest: Disposable | undefined;

  constructor(directory: PvDirectory, remote: InputSource, pv: string, tell: Tell) {
    this.#directory = directory;
    this.#pv = pv;
    this.#tell = tell;
    this.find();
    if (this.#field) this.refresh();
    else this.#remote = remote.watch(pv, tell);
  }

  find(): void {
    if (this.#field) return;
    this.#field = this.#directory.find(this.#pv);
    if (this.#field === undefined) return;
    this.#interest = this.#field.watch();
    this.#remote?.[Symbol.dispose]();
    this.#remote = undefined;
  }

  refresh(): void {
    if (this.#field) this.#tell(numberOf(this.#field, this.#directory));
  }

  [Symbol.dispose](): void {
    this.#interest?.[Symbol.dispose]();
    this.#remote?.[Symbol.dispose]();
  }
}

/** What DBR_STS_DOUBLE says of a field, unless it is INVALID or no number. */
function numberOf(field: PvField, { columns }: PvDirectory): number | undefined {
  if (columns.severity[field.slot] === INVALID) return undefined;
  if (field.isColumn) return columns.number[field.slot];
  const value = field.read();
  const first = typeof value === 'object' ? value[0] : value;
  if (typeof first !== 'string') return first === undefined ? undefined : Number(first);
  const parsed = parseDouble(first);
  return typeof parsed === 'number' ? parsed : undefined;
}
