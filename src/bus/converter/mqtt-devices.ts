import { type Clock, type Log, systemClock } from '../../kernel/index.ts';
import type { Device, DeviceRecord, DeviceSupport } from '../../pv/index.ts';
import type { BusLink } from '../link.ts';
import { type ConverterCounters, noCounts } from './counters.ts';
import { type InputOwner, MqttInput } from './mqtt-input.ts';
import { MqttOutput, type OutputOwner } from './mqtt-output.ts';
import { parseMqttAddress } from './parse-address.ts';
import { Topics } from './topics.ts';

/** How often inputs are looked at: whether the broker is there, and their time is not over. */
const WATCH_MS = 250;

/** What came within this time is one batch. */
const BATCH_MS = 10;

/**
 * DTYP MQTT: records on topics of other devices. They are opened before there is a link to the
 * broker, and are INVALID until there is one and a message came.
 */
export class MqttDevices implements DeviceSupport, InputOwner, OutputOwner {
  readonly name = 'MQTT';
  readonly counters: ConverterCounters = noCounts();
  readonly topics: Topics;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #inputs = new Set<MqttInput>();
  #link: BusLink | undefined;
  #flush: (() => void) | undefined;
  #batch: Disposable | undefined;
  #isAway = true;

  constructor(log: Log, clock: Clock = systemClock) {
    this.topics = new Topics(log);
    this.#log = log;
    this.#clock = clock;
  }

  get link(): BusLink | undefined {
    return this.#link;
  }

  /** Input records. */
  get size(): number {
    return this.#inputs.size;
  }

  /** Throws `bus/mqtt-address` for an address that is none. */
  open(record: DeviceRecord, address: string): Device {
    const parsed = parseMqttAddress(address, record.direction);
    if (record.direction === 'output') return new MqttOutput(record, parsed, this);
    const input = new MqttInput(record, parsed, this);
    const { via = parsed.topic, qos, topic } = parsed;
    this.#inputs.add(input);
    if (this.#isAway) input.lose(AWAY);
    input.subscription = this.topics.listen(via, qos, input, topic);
    return input;
  }

  /** Serves the records over a link, until disposed of; `flush` processes those that were fed. */
  serve(link: BusLink, flush: () => void): Disposable {
    this.#link = link;
    this.#flush = flush;
    this.topics.attach(link);
    const connected = link.connected$.subscribe(({ hasSession }) => {
      this.#isAway = false;
      // In a session nobody is told again what is kept; and some came while we were away.
      if (hasSession) this.topics.renew();
    });
    const watch = this.#clock.every(WATCH_MS, () => this.#watch(link));
    return {
      [Symbol.dispose]: () => {
        connected.unsubscribe();
        watch[Symbol.dispose]();
        this.topics.detach();
        this.#batch?.[Symbol.dispose]();
        this.#link = undefined;
        this.#flush = undefined;
      },
    };
  }

  close(input: MqttInput): void {
    this.#inputs.delete(input);
    input.subscription?.[Symbol.dispose]();
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  warn(text: string): void {
    this.#log.warn(text);
  }

  stir(): void {
    const flush = this.#flush;
    if (!flush || this.#batch) return;
    this.#batch = this.#clock.after(BATCH_MS, () => {
      this.#batch = undefined;
      flush();
    });
  }

  #watch({ isConnected }: BusLink): void {
    if (isConnected) {
      for (const input of this.#inputs) input.watch();
    } else if (!this.#isAway) {
      this.#isAway = true;
      for (const input of this.#inputs) input.lose(AWAY);
    }
  }
}

const AWAY = 'the broker is away';
