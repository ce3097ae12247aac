import { release } from 'node:os';
import type { MqttClient } from 'mqtt';
import type { Clock } from '../../kernel/index.ts';
import { type AmsNetId, amsNetId } from '../ams.ts';
import type { MqttConfig } from './mqtt-link.ts';
import { formatPeerInfo } from './peer-info.ts';

/** Our info goes out at most that often: two peers that greet each other must not do it for ever. */
const ANNOUNCE_MS = 1000;

/** What we tell a virtual AMS network of ourselves, and when (facts/ads-over-mqtt.md sections 5, 6). */
export class Presence implements Disposable {
  readonly #config: MqttConfig;
  readonly #topic: string;
  readonly #clock: Clock;
  #waiting: Disposable | undefined;
  #announcedAt = Number.NEGATIVE_INFINITY;
  #leaving = false;

  constructor(config: MqttConfig & { readonly netId: AmsNetId }, clock: Clock) {
    this.#config = config;
    this.#topic = `${config.topic}/${config.netId}/info`;
    this.#clock = clock;
  }

  /** What the broker says when we vanish. */
  will() {
    return { topic: this.#topic, payload: this.#info(false), ...this.#manner() };
  }

  /** Publishes our info now, or as soon as it may be published again. */
  announce(client: MqttClient): void {
    if (this.#waiting || this.#leaving) return;
    const now = this.#clock.monotonic();
    const wait = this.#announcedAt + ANNOUNCE_MS - now;
    if (wait > 0) {
      this.#waiting = this.#clock.after(wait, () => {
        this.#waiting = undefined;
        this.announce(client);
      });
      return;
    }
    this.#announcedAt = now;
    client.publish(this.#topic, this.#info(true), this.#manner());
  }

  /** A clean disconnect keeps the broker from telling our will: we tell it ourselves. */
  leave(client: MqttClient, then: () => void): void {
    this[Symbol.dispose]();
    client.publish(this.#topic, this.#info(false), this.#manner(), then);
  }

  [Symbol.dispose](): void {
    this.#leaving = true;
    this.#waiting?.[Symbol.dispose]();
  }

  #manner() {
    return { qos: 1, retain: this.#config.noRetain !== true } as const;
  }

  #info(online: boolean): Buffer {
    const { displayName: name = 'twincat-ioc', unidirectional } = this.#config;
    const about = { osVersion: release(), osPlatform: '0', tcVersion: '3.1.0' };
    return Buffer.from(formatPeerInfo({ online, name, ...about, unidirectional }));
  }
}

/** The NetId of `<network>/<NetId>/info`, if it is one. */
export function netIdIn(topic: string, network: string): AmsNetId | undefined {
  const text = topic.slice(network.length + 1, -'/info'.length);
  return /^\d{1,3}(\.\d{1,3}){5}$/.test(text) ? amsNetId(text) : undefined;
}
