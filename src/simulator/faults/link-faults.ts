import { amsNetId } from '../../ads/index.ts';
import type { Surroundings } from '../conversation.ts';
import type { TcpServer } from '../server.ts';

/** What can go wrong between clients and a plant that itself is well. */
export class LinkFaults {
  readonly #server: TcpServer;
  readonly #around: Surroundings;

  constructor(server: TcpServer, around: Surroundings) {
    this.#server = server;
    this.#around = around;
  }

  /** Cuts every TCP connection: clients see FIN. */
  disconnectAll(): void {
    for (const connection of this.#server.connections) connection.close();
  }

  /** Resets every TCP connection: clients see RST (`ECONNRESET`). */
  resetAll(): void {
    for (const connection of this.#server.connections) connection.reset();
  }

  /**
   * Every connection stays open for ever, but nothing is read from it or sent: clients see a cable
   * that was cut. Connections that come later work; `stopAnswering` silences those too.
   */
  halfOpen(): void {
    for (const connection of this.#server.connections) connection.freeze();
  }

  /** Refuses new connections (`ECONNREFUSED`), until `listenAgain`. */
  stopListening(): void {
    this.#server.stopListening();
  }

  /** Accepts connections again, at the port that it had. */
  async listenAgain(): Promise<void> {
    await this.#server.listen();
  }

  /** Requests are read, but nothing is answered or sent, until `answerAgain`. */
  stopAnswering(): void {
    this.#around.disturbance.silent = true;
  }

  answerAgain(): void {
    this.#around.disturbance.silent = false;
  }

  /** Every answer leaves so many milliseconds after its request; 0 is no delay. */
  delayAnswers(ms: number): void {
    this.#around.disturbance.delayMs = ms;
  }

  /** Every request is answered with this AMS header error, 6 or 7 as a rule; 0 ends that. */
  routerError(code: number): void {
    this.#around.disturbance.routerError = code;
  }

  /** A new connection ends those that its IP address had, as TwinCAT does. */
  oneConnectionPerPeer(on: boolean): void {
    this.#around.disturbance.onePerPeer = on;
  }

  /** Requests from a NetId without route are neither answered nor refused, as TwinCAT does. */
  requireRoutes(on: boolean): void {
    this.#around.routes.required = on;
  }

  /** Adds a route as an operator would; also replaces the one of that name. */
  addRoute(name: string, netId: string): void {
    this.#around.routes.add(name, amsNetId(netId));
  }

  /** All routes are gone. */
  forgetRoutes(): void {
    this.#around.routes.clear();
  }

  /** Notifications are not sent while requests are answered, until `notifyAgain`. */
  stopNotifying(): void {
    this.#around.disturbance.muted = true;
  }

  notifyAgain(): void {
    this.#around.disturbance.muted = false;
  }

  /**
   * Each cycle sends every value of every notification so many times more, changed or not, with
   * times between those of the cycles; 0 ends that.
   */
  flood(times: number): void {
    this.#around.disturbance.flood = times;
  }

  /**
   * From now on no served address has more notifications than `count` (0x716), and none watches more
   * than so many bytes (0x717); those that there are stay.
   */
  limitNotifications(count: number, bytes = Number.POSITIVE_INFINITY): void {
    const { disturbance } = this.#around;
    disturbance.maxNotifications = count;
    disturbance.maxWatched = bytes;
  }

  /**
   * Drops a notification by its handle, or all that cover bytes of a symbol, without a word: their
   * samples cease, and a deletion answers 0x714. Returns how many there were.
   */
  dropNotifications(what: number | string): number {
    const { conversations } = this.#around;
    const concern =
      typeof what === 'number'
        ? ({ handle }: { readonly handle: number }) => handle === what
        : this.#covering(what);
    let dropped = 0;
    for (const conversation of conversations) dropped += conversation.drop(concern);
    return dropped;
  }

  #covering(symbol: string) {
    const { location } = this.#around.plant.names.resolve(symbol);
    const from = location.byte * 8 + location.bit;
    return ({ watch }: { readonly watch: { readonly location?: typeof location } }) => {
      if (watch.location === undefined) return false;
      const first = watch.location.byte * 8 + watch.location.bit;
      return first < from + location.bits && from < first + watch.location.bits;
    };
  }
}
