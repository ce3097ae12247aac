/** A message on its way to a client that is remembered, or the PUBREL in its place. */
export interface WaitingMessage {
  /** Which publication it is, until it has an identifier; none of a PUBREL. */
  readonly brokerId?: string;
  readonly brokerCounter?: number;
  messageId?: number | undefined;
}

/** What waits for the acknowledgement of one client, or for its return; oldest first, bounded. */
export class WaitingMessages {
  readonly #limit: number;
  readonly #messages: WaitingMessage[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get all(): readonly WaitingMessage[] {
    return this.#messages;
  }

  /** False: there is no room; the older ones stay, as with mosquitto. */
  add(message: WaitingMessage): boolean {
    if (this.#messages.length >= this.#limit) return false;
    this.#messages.push(message);
    return true;
  }

  /** A message got its identifier, or a PUBREL takes the place of its message. */
  update(message: WaitingMessage): void {
    const { brokerId, brokerCounter, messageId } = message;
    const at = this.#messages.findIndex((each) =>
      each.brokerId === brokerId
        ? each.brokerCounter === brokerCounter
        : each.messageId === messageId,
    );
    const found = this.#messages[at];
    if (!found) return;
    if (found.brokerId === brokerId) found.messageId = messageId;
    else this.#messages[at] = message;
  }

  /** It was acknowledged, or, without an identifier yet, is not for this client after all. */
  remove({ brokerId, brokerCounter, messageId }: WaitingMessage): WaitingMessage | undefined {
    const at = this.#messages.findIndex((each) =>
      messageId === undefined
        ? each.brokerId === brokerId && each.brokerCounter === brokerCounter
        : each.messageId === messageId,
    );
    return at < 0 ? undefined : this.#messages.splice(at, 1)[0];
  }
}
