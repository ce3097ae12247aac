import type { IClientOptions, MqttClient } from 'mqtt';
import {
  type AmsHeader,
  decodePacket,
  encodePacket,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  read,
} from '../../src/ads/index.ts';
import { encoded, type Scope } from '../../src/kernel/index.ts';
import { type Broker, mqttClient } from '../support/broker.ts';

export const NETWORK = 'VirtualAmsNetwork1';
export const ROUTER = '5.1.2.3.1.1';
export const infoXml = (online: boolean, name = 'CX-TEST') =>
  `<info>\n <online osPlatform='2' name="${name}" tcVersion="3.1.4026.10">${online}</online></info>`;

/** A TwinCAT router on a virtual network, as plain MQTT messages. */
export class MqttRouter {
  readonly client: MqttClient;
  /** What came, with its topic. */
  readonly messages: { readonly topic: string; readonly payload: Buffer }[] = [];
  onPacket: (header: AmsHeader, payload: Uint8Array) => void = () => {};

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('message', (topic, payload) => {
      this.messages.push({ topic, payload });
      if (!topic.includes('/ams')) return;
      const packet = decodePacket(payload);
      this.onPacket(packet.header, packet.payload);
    });
  }

  /** Joins, says so with a retained info and a will, and answers reads with their offset. */
  static async join(
    scope: Scope,
    broker: Broker,
    options: IClientOptions = {},
  ): Promise<MqttRouter> {
    const topic = `${NETWORK}/${ROUTER}/info`;
    const will = { topic, payload: Buffer.from(infoXml(false)), qos: 1 as const, retain: true };
    const router = new MqttRouter(await mqttClient(scope, broker, { ...options, will }));
    router.onPacket = (header, payload) => {
      const answer = { result: 0, bytes: payload.subarray(4, 8) };
      router.answer(header, encoded(read.response, answer));
    };
    await router.client.subscribeAsync([`${NETWORK}/${ROUTER}/ams/#`, `${NETWORK}/+/info`], {
      qos: 2,
    });
    await router.announce(true);
    return router;
  }

  async announce(online: boolean, retain = true): Promise<void> {
    await this.client.publishAsync(`${NETWORK}/${ROUTER}/info`, infoXml(online), {
      qos: 1,
      retain,
    });
  }

  /** The infos that came of a NetId. */
  infosOf(netId: string): string[] {
    const topic = `${NETWORK}/${netId}/info`;
    return this.messages.filter((m) => m.topic === topic).map(({ payload }) => payload.toString());
  }

  answer(header: AmsHeader, payload: Uint8Array): void {
    const { target, source, command, invokeId } = header;
    const head = { target: source, source: target, command, invokeId, stateFlags: RESPONSE_FLAGS };
    const topic = `${NETWORK}/${source.netId}/ams/res`;
    this.client.publish(topic, Buffer.from(encodePacket(head, payload)));
  }

  /** Sends a device notification to whom a request came from. */
  notify({ target, source }: AmsHeader, payload: Uint8Array, kind: 'ams' | 'ams/res'): void {
    const head = { target: source, source: target, command: 8, invokeId: 0 };
    const packet = encodePacket({ ...head, stateFlags: REQUEST_FLAGS }, payload);
    this.client.publish(`${NETWORK}/${source.netId}/${kind}`, Buffer.from(packet));
  }
}
