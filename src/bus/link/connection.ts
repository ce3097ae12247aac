import type { Duplex } from 'node:stream';
import { type IConnackPacket, type IPublishPacket, MqttClient, type Packet } from 'mqtt';
import type { Clock } from '../../kernel/index.ts';
import { type BrokerPlace, openBroker, tlsOptions } from '../../mqtt/index.ts';
import type { Received } from '../message.ts';
import { clientOptions, propertiesOf } from './client-options.ts';
import { type Grant, grantOf } from './grant.ts';
import { MessageIds } from './message-ids.ts';
import type { BusLinkOptions } from './options.ts';
import type { Filter } from './subscriptions.ts';
import type { Waiting } from './waiting.ts';

/** Bytes that may wait in the stream before it is left alone. */
const MOST_IN_STREAM = 64 * 1024;

/** Filters in one packet: some brokers in clouds take no more. */
const FILTERS_AT_ONCE = 8;

/** How long a broker may take to let us go. */
const CLOSE_MS = 500;

/** Who hears what happens on a connection. Nothing is heard after `ended`. */
export interface ConnectionHearer {
  accepted(grant: Grant): void;
  message(message: Received): void;
  /** `reasonCode` of MQTT 5; 0 is success. */
  acknowledged(id: number, reasonCode: number): void;
  /** The stream takes more. */
  drained(): void;
  /** The connection is over; `cause` is what was heard last of it, if anything. */
  ended(cause: unknown, wasAccepted: boolean): void;
}

/** A filter that the broker does not let us hear, and its reason code. */
export interface Denied {
  readonly filter: string;
  readonly code: number;
}

/** One connection to the broker, from its opening to its loss; the next one is another. */
export class Connection {
  readonly #client: MqttClient;
  readonly #ids = new MessageIds();
  readonly #hearer: ConnectionHearer;
  readonly #clock: Clock;
  readonly #isMqtt5: boolean;
  readonly #isBridge: boolean;
  #acceptedAt: number | undefined;
  #cause: unknown;
  #stream: Duplex | undefined;
  /** MQTT.js takes nothing any more then, and says so by an error. */
  #isClosing = false;
  #isOver = false;

  constructor(place: BrokerPlace, options: BusLinkOptions, clock: Clock, hearer: ConnectionHearer) {
    this.#hearer = hearer;
    this.#clock = clock;
    this.#isMqtt5 = options.version === '5';
    this.#isBridge = options.isBridge === true;
    const security = tlsOptions(place.host, options.tls);
    this.#client = new MqttClient(
      () => this.#watched(openBroker(place, security)),
      clientOptions(options, place, this.#ids),
    );
    if (this.#isBridge && !this.#isMqtt5) this.#client.on('packetsend', sayBridge);
    this.#client.on('packetreceive', (packet) => {
      if (isAcceptance(packet)) this.#acceptedAt = clock.monotonic();
    });
    this.#client.on('connect', (packet) => hearer.accepted(grantOf(packet as IConnackPacket)));
    this.#client.on('message', (topic, payload, packet) => this.#take(topic, payload, packet));
    this.#client.on('disconnect', (packet) => this.#note(packet));
    // A broken packet, say, of which MQTT.js only tells: what follows it cannot be understood.
    this.#client.on('error', (error) => this.abandon(error));
    this.#client.once('close', () => {
      this.#isOver = true;
      hearer.ended(this.#cause, this.#acceptedAt !== undefined);
    });
    this.#client.connect();
  }

  /** Whether there is room in the stream; `drained` tells when there is again. */
  get isWritable(): boolean {
    if (this.#isClosing || !this.#client.connected) return false;
    return (this.#stream?.writableLength ?? 0) < MOST_IN_STREAM;
  }

  /** `qos` and `retain` as the broker allows them. */
  send(message: Waiting, qos: 0 | 1, retain: boolean, isRepeated: boolean, now: number): void {
    const { topic, id } = message;
    // Any bytes do, whatever its types say.
    const payload = message.payload as string | Buffer;
    const properties = this.#isMqtt5 ? propertiesOf(message, now) : undefined;
    const options = { qos, retain, dup: isRepeated, ...(properties && { properties }) };
    if (qos === 0) {
      this.#client.publish(topic, payload, options);
      return;
    }
    this.#ids.next = id;
    this.#client.publish(topic, payload, options, (error) => {
      const reason = reasonOf(error);
      if (reason !== undefined && !this.#isOver) this.#hearer.acknowledged(id, reason);
    });
  }

  /** Resolves with the filters that the broker denies us; rejects when the connection ends before. */
  async subscribe(filters: readonly Filter[]): Promise<readonly Denied[]> {
    const asked: Promise<readonly Denied[]>[] = [];
    for (let at = 0; at < filters.length; at += FILTERS_AT_ONCE) {
      asked.push(this.#ask(filters.slice(at, at + FILTERS_AT_ONCE)));
    }
    return (await Promise.all(asked)).flat();
  }

  unsubscribe(filter: string): void {
    this.#client.unsubscribe(filter, () => {});
  }

  /** Says good-bye, so that the broker does not publish our will. */
  close(): void {
    this.#isClosing = true;
    if (!this.#client.connected) {
      this.#client.end(true);
      return;
    }
    const timer = this.#clock.after(CLOSE_MS, () => this.#client.stream.destroy());
    this.#client.once('close', () => timer[Symbol.dispose]());
    this.#client.end();
  }

  /** Breaks it off: the broker publishes our will. */
  abandon(cause: unknown): void {
    this.#note(cause);
    this.#client.stream.destroy();
  }

  #watched(stream: Duplex): Duplex {
    this.#stream = stream;
    stream.on('error', (error) => this.#note(error));
    stream.on('drain', () => this.#hearer.drained());
    return stream;
  }

  #note(cause: unknown): void {
    this.#cause ??= cause;
  }

  #ask(filters: readonly Filter[]): Promise<readonly Denied[]> {
    const asBridge = this.#isBridge && this.#isMqtt5 ? { nl: true, rap: true } : {};
    const wanted = Object.fromEntries(
      filters.map(({ filter, qos }) => [filter, { qos, ...asBridge }]),
    );
    return new Promise((resolve, reject) => {
      this.#client.subscribe(wanted, (error, _, packet) => {
        const granted = packet?.granted as readonly number[] | undefined;
        if (error && !granted) {
          reject(error);
          return;
        }
        resolve(
          filters.flatMap(({ filter }, at) => {
            const code = granted?.[at] ?? 0;
            return code >= 0x80 ? [{ filter, code }] : [];
          }),
        );
      });
    });
  }

  #take(topic: string, payload: Buffer, packet: IPublishPacket): void {
    // What was parsed before the end may still come.
    if (this.#isOver) return;
    const { responseTopic, correlationData } = packet.properties ?? {};
    this.#hearer.message({
      topic,
      payload: new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength),
      retain: packet.retain,
      qos: packet.qos,
      isDuplicate: packet.dup,
      sinceConnected: this.#clock.monotonic() - (this.#acceptedAt ?? 0),
      ...(responseTopic !== undefined && { responseTopic }),
      ...(correlationData !== undefined && { correlation: correlationData }),
    });
  }
}

/** Bit 7 of the protocol level, as mosquitto's bridges set it; MQTT.js has no option for it. */
function sayBridge(packet: Packet & { bridgeMode?: boolean }): void {
  if (packet.cmd === 'connect') packet.bridgeMode = true;
}

function isAcceptance(packet: Packet): boolean {
  return packet.cmd === 'connack' && (packet.returnCode ?? packet.reasonCode) === 0;
}

/** The reason code of a PUBACK; undefined of what is none: the connection broke before. */
function reasonOf(error: unknown): number | undefined {
  if (!error) return 0;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
