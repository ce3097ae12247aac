import type { Failure } from './failure.ts';

/** How it stands between us and the broker. */
export const BusState = { away: 0, connecting: 1, refused: 2, connected: 3, limited: 4 } as const;
export type BusState = (typeof BusState)[keyof typeof BusState];

/** What a link tells of itself. */
export class LinkStatus {
  state: BusState = BusState.connecting;
  /** What is wrong, or with whom we are connected. */
  text: string;
  /** When and why the connection was lost last. */
  lastLoss = '';
  /** Connections that the broker accepted. */
  connections = 0;
  attempts = 0;
  readonly #where: string;

  /** `where` is the broker's address as it may be shown. */
  constructor(where: string) {
    this.#where = where;
    this.text = `${where}: connecting`;
  }

  /** `limits` says what the broker denies. */
  connected(limits: string): void {
    this.state = limits === '' ? BusState.connected : BusState.limited;
    this.text = limits === '' ? this.#where : `${this.#where}: ${limits}`;
  }

  failed({ kind, text }: Failure, at: string): void {
    this.state = kind === 'refused' ? BusState.refused : BusState.away;
    this.text = `${this.#where}: ${text}`;
    if (kind === 'lost') this.lastLoss = `${at} ${text}`;
  }

  stopped(): void {
    this.state = BusState.away;
    this.text = `${this.#where}: stopped`;
  }
}
