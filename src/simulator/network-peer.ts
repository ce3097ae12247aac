import {
  AMS_TCP_HEADER,
  type AmsNetId,
  amsNetId,
  decodePacket,
  type MqttConfig,
  openTransport,
  type Transport,
} from '../ads/index.ts';
import { messageOf, sleep } from '../kernel/index.ts';
import { Conversation, type Network, type Surroundings } from './conversation.ts';

/** Between the loss of the broker and the next attempt. */
const REJOIN_MS = 1000;

/** Clients that are talked to at the same time. */
const MOST_CLIENTS = 1024;

/**
 * The plant as a peer of a virtual AMS network on an MQTT broker: each client of the network has a
 * conversation of its own, which ends when the client goes offline (facts/ads-over-mqtt.md).
 */
export class NetworkPeer implements Network, AsyncDisposable {
  readonly #around: Surroundings;
  readonly #config: MqttConfig;
  readonly #signal: AbortSignal;
  readonly #conversations = new Map<AmsNetId, Conversation>();
  #transport: Transport | undefined;

  constructor(around: Surroundings, config: MqttConfig, signal: AbortSignal) {
    this.#around = around;
    this.#config = config;
    this.#signal = signal;
  }

  /** Joins the network, and again whenever the broker is lost. Rejects with `ads/connect` at first. */
  async join(): Promise<void> {
    const { clock, log, plant } = this.#around;
    const serve = {
      owns: (netId: AmsNetId) => this.#owns(netId),
      peerLeft: (netId: AmsNetId) => this.#forget(netId),
    };
    const means = { netId: amsNetId(plant.chain.systemNetId), serve, log, clock };
    const config = { kind: 'mqtt', displayName: 'TwinCAT simulator', ...this.#config } as const;
    const take = (packet: Uint8Array) => this.#take(packet);
    const transport = await openTransport(config, means, take, this.#signal);
    this.#transport = transport;
    void transport.ended.then((end) => {
      for (const client of [...this.#conversations.keys()]) this.#forget(client);
      if (end.kind === 'lost') void this.#rejoin(end.reason);
    });
  }

  /** Goes offline, and says so. */
  async leave(): Promise<void> {
    await this.#transport?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  async #rejoin(reason: string): Promise<void> {
    const { clock, log } = this.#around;
    log.warn({ reason }, 'the broker is lost');
    try {
      await sleep(REJOIN_MS, this.#signal, clock);
      await this.join();
    } catch (cause) {
      if (!this.#signal.aborted) await this.#rejoin(messageOf(cause));
    }
  }

  /** The system, and the masters behind it. */
  #owns(netId: AmsNetId): boolean {
    const { chain, buses } = this.#around.plant;
    return netId === chain.systemNetId || buses.some((bus) => bus.netId === netId);
  }

  #take(packet: Uint8Array): void {
    const { clock, disturbance, log } = this.#around;
    try {
      const client = decodePacket(packet).header.source.netId;
      const conversation = this.#conversations.get(client) ?? this.#meet(client);
      const answer = conversation?.answer(packet)?.subarray(AMS_TCP_HEADER);
      if (answer !== undefined && disturbance.delayMs === 0) this.#transport?.send(answer);
      else if (answer !== undefined) {
        clock.after(disturbance.delayMs, () => this.#transport?.send(answer));
      }
      conversation?.sendFresh();
    } catch (cause) {
      log.warn({ cause: messageOf(cause) }, 'no AMS request');
    }
  }

  #meet(client: AmsNetId): Conversation | undefined {
    if (this.#conversations.size >= MOST_CLIENTS) return undefined;
    const conversation = new Conversation(this.#around, (batch) => this.#send(batch));
    this.#conversations.set(client, conversation);
    return conversation;
  }

  #forget(client: AmsNetId): void {
    this.#conversations.get(client)?.close();
    this.#conversations.delete(client);
  }

  /** One packet per message, each without its TCP prefix. */
  #send(batch: Uint8Array): void {
    const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
    for (let at = 0; at < batch.length; ) {
      const end = at + AMS_TCP_HEADER + view.getUint32(at + 2, true);
      this.#transport?.send(batch.subarray(at + AMS_TCP_HEADER, end));
      at = end;
    }
  }
}
