import { type IPublishPacket, MqttClient } from 'mqtt';
import {
  type Clock,
  IocError,
  type Log,
  messageOf,
  Reader,
  systemClock,
} from '../../kernel/index.ts';
import { type AmsNetId, netIdBytes } from '../ams.ts';
import { CommandId, HeaderAt, StateFlag } from '../ams-header.ts';
import { MAX_PACKET } from '../packet.ts';
import { notAllowed, refusedBy, tooSlow } from './mqtt-errors.ts';
import { frameOf } from './mqtt-frame.ts';
import { type MqttConfig, type MqttLink, mqttLink } from './mqtt-link.ts';
import { type PeerInfo, parsePeerInfo } from './peer-info.ts';
import { type Peer, Peers } from './peers.ts';
import { netIdIn, Presence } from './presence.ts';
import type { PacketSink, Transport, TransportCounters, TransportEnd } from './transport.ts';

/** What a system does that serves others: it has NetIds beside its own, and outlives its clients. */
export type MqttService = {
  /** Whether packets for this NetId are for us as well. */
  owns(netId: AmsNetId): boolean;
  /** A peer went offline. */
  peerLeft(netId: AmsNetId): void;
};

export type MqttOptions = MqttConfig & {
  /** Ours: the name under which peers reach us. */
  readonly netId: AmsNetId;
  readonly serve?: MqttService | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
};

/** How long the peers may take to be known after we are on the network. */
const ROLL_CALL_MS = 500;
/** How long a clean farewell may take. */
const CLOSE_MS = 1000;
/** Bytes that may wait for a slow broker. */
const MAX_WAITING = 16 * 1024 * 1024;

/**
 * Joins a virtual AMS network: one MQTT connection, one AMS packet per message, topics by the NetId
 * of the receiver. Like every transport it lives from connect to loss and does not reconnect by
 * itself, so no packet can outlive its connection, and each CONNACK is followed by our info. Rejects
 * with `ads/connect` when the broker cannot be reached or refuses us, or with the signal's reason.
 */
export async function openMqtt(
  options: MqttOptions,
  onPacket: PacketSink,
  signal?: AbortSignal,
): Promise<Transport> {
  signal?.throwIfAborted();
  const link = mqttLink(options, options.netId);
  const transport = new MqttTransport(link, options, onPacket);
  await transport.joined(options.connectTimeoutMs ?? 5000, signal);
  return transport;
}

class MqttTransport implements Transport {
  readonly peer: string;
  readonly localAddress = undefined;
  readonly ended: Promise<TransportEnd>;
  readonly counters: TransportCounters = {
    foreign: 0,
    malformed: 0,
    trailing: 0,
    refused: 0,
    dropped: 0,
  };
  readonly #options: MqttOptions;
  readonly #clock: Clock;
  readonly #onPacket: PacketSink;
  readonly #client: MqttClient;
  readonly #peers: Peers;
  /** Peers that took packets of ours: when one goes, the session does. */
  readonly #partners = new Set<AmsNetId>();
  readonly #presence: Presence;
  #rollCall: () => void = () => {};
  #closing = false;
  #failure: unknown;

  constructor(link: MqttLink, options: MqttOptions, onPacket: PacketSink) {
    this.peer = link.peer;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#onPacket = onPacket;
    this.#peers = new Peers(options.router);
    this.#presence = new Presence(options, this.#clock);
    this.#client = new MqttClient(() => this.#watched(link), {
      clientId: link.clientId,
      ...(link.user !== undefined && { username: link.user }),
      ...(link.password !== undefined && { password: link.password }),
      clean: true,
      keepalive: options.keepAliveSeconds ?? 15,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      connectTimeout: options.connectTimeoutMs ?? 5000,
      will: this.#presence.will(),
    });
    this.#client.on('message', (topic, payload, packet) => this.#take(topic, payload, packet));
    this.#client.on('error', (error) => {
      this.#failure ??= error;
    });
    this.ended = new Promise((resolve) => {
      this.#client.on('close', () => {
        this.#presence[Symbol.dispose]();
        options.log.debug({ peer: this.peer, cause: this.#failure }, 'ADS over MQTT closed');
        resolve(this.#endOf());
      });
    });
  }

  /** Resolves when we are on the network and know who else is. */
  joined(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        timer[Symbol.dispose]();
        signal?.removeEventListener('abort', onAbort);
      };
      const giveUp = (error: unknown) => {
        stop();
        this.#client.end(true);
        reject(error);
      };
      const onAbort = () => giveUp(signal?.reason);
      const timer = this.#clock.after(timeoutMs, () => giveUp(tooSlow(this.peer, timeoutMs)));
      signal?.addEventListener('abort', onAbort, { once: true });
      void this.ended.then(() => giveUp(refusedBy(this.peer, this.#failure)));
      this.#client.once('connect', () => {
        this.#join().then(() => {
          stop();
          resolve();
        }, giveUp);
      });
    });
  }

  send(packet: Uint8Array): void {
    if (this.#client.stream.writableLength > MAX_WAITING) {
      this.counters.dropped++;
      return;
    }
    const { topic, qos = 0 } = this.#options;
    const router = this.#peers.routerOf(netIdBytes.decode(new Reader(packet)));
    const isAnswer = this.#isAnswer(packet);
    // Those whom we only answer may come and go, and need not be who they say.
    if (!isAnswer) this.#partners.add(router);
    const name = `${topic}/${router}/ams${isAnswer ? '/res' : ''}`;
    // The stream keeps what it cannot write at once, the caller does not: hence the copy.
    this.#client.publish(name, Buffer.from(packet), { qos });
  }

  adviceOnSilence(target: AmsNetId): string {
    const router = this.#peers.routerOf(target);
    const info = this.#peers.get(router);
    const where = `on ${this.peer}`;
    if (!info) return `; no router ${router} has announced itself ${where}: is it on this network?`;
    const name = `router ${router} (${info.name})`;
    if (!info.online) return `; ${name} is offline ${where}`;
    return `; ${name} is online ${where} but never answered: has it a route to us over TCP, or the broker an ACL?`;
  }

  peers(): readonly Peer[] {
    return this.#peers.all();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#leave();
    await this.ended;
  }

  #watched(link: MqttLink) {
    const stream = link.open();
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
    return stream;
  }

  /** Subscribes, says that we are there, and waits until that comes back: everyone else came before. */
  async #join(): Promise<void> {
    const { topic, netId, compat } = this.#options;
    const filters = [`${topic}/${netId}/ams/#`, `${topic}/+/info`];
    if (compat?.anyResponseTopic) filters.push(`${topic}/+/ams/res`);
    await this.#client.subscribeAsync(filters, { qos: 2 }).catch((cause) => {
      throw notAllowed(this.peer, filters.join(', '), cause);
    });
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(ROLL_CALL_MS, resolve);
      this.#rollCall = () => {
        timer[Symbol.dispose]();
        resolve();
      };
      this.#presence.announce(this.#client);
    });
  }

  #take(topic: string, payload: Uint8Array, { retain }: IPublishPacket): void {
    if (topic.endsWith('/info')) this.#takeInfo(topic, payload, retain);
    else this.#takeFrame(payload);
  }

  #takeFrame(payload: Uint8Array): void {
    const { compat, unidirectional } = this.#options;
    const { packet, trailing } = frameOf(payload, compat?.tcpPrefix ?? false);
    if (!packet || packet.length > MAX_PACKET) {
      this.counters.malformed++;
    } else if (!this.#isOurs(netIdBytes.decode(new Reader(packet)))) {
      this.counters.foreign++;
    } else if (unidirectional && isRequest(packet)) {
      this.counters.refused++;
    } else {
      if (trailing > 0) this.counters.trailing++;
      this.#onPacket(packet);
    }
  }

  #isOurs(target: AmsNetId): boolean {
    const { netId, serve } = this.#options;
    return target === netId || (serve?.owns(target) ?? false);
  }

  #takeInfo(topic: string, payload: Uint8Array, retained: boolean): void {
    const info = parsePeerInfo(payload);
    const netId = netIdIn(topic, this.#options.topic);
    if (!info || netId === undefined) {
      this.counters.malformed++;
    } else if (netId === this.#options.netId) {
      // What was retained is of an earlier life of ours.
      if (retained) return;
      this.#rollCall();
      // A will of ours that came late, or somebody who cleans up.
      if (!info.online) this.#presence.announce(this.#client);
    } else {
      const before = this.#peers.update(netId, info);
      const isNew = info.online && !before?.online && !retained;
      if (isNew && this.#options.noRetain) this.#presence.announce(this.#client);
      if (!info.online && !retained) this.#left(netId, before ?? info);
    }
  }

  /** A session ends with the peer that it is with; a system that serves goes on without it. */
  #left(netId: AmsNetId, { name }: PeerInfo): void {
    const { serve } = this.#options;
    if (serve) serve.peerLeft(netId);
    if (serve || !this.#partners.has(netId)) return;
    this.#failure ??= new IocError('ads/peer-offline', `router ${netId} (${name}) went offline`);
    this.#leave();
  }

  #leave(): void {
    const timer = this.#clock.after(CLOSE_MS, () => this.#client.end(true));
    void this.ended.then(() => timer[Symbol.dispose]());
    if (this.#client.connected) this.#presence.leave(this.#client, () => this.#client.end());
    else this.#client.end(true);
  }

  /** What goes to `…/ams/res`: answers and, as set, notifications. */
  #isAnswer(packet: Uint8Array): boolean {
    if (
      packet[HeaderAt.command] === CommandId.deviceNotification &&
      packet[HeaderAt.command + 1] === 0
    ) {
      return this.#options.notifyTopic !== 'ams';
    }
    return ((packet[HeaderAt.stateFlags] ?? 0) & StateFlag.response) !== 0;
  }

  #endOf(): TransportEnd {
    if (this.#closing) return { kind: 'closed' };
    if (this.#failure === undefined) return { kind: 'lost', reason: 'closed by the broker' };
    return { kind: 'lost', reason: messageOf(this.#failure), cause: this.#failure };
  }
}

/** Notifications are requests by their flags, but nobody is asked for anything. */
function isRequest(packet: Uint8Array): boolean {
  const isResponse = ((packet[HeaderAt.stateFlags] ?? 0) & StateFlag.response) !== 0;
  return !isResponse && packet[HeaderAt.command] !== CommandId.deviceNotification;
}
