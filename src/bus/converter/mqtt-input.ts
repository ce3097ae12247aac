import { epicsNow } from '../../kernel/index.ts';
import { AlarmStatus } from '../../model/index.ts';
import type { Device, DeviceRecord } from '../../pv/index.ts';
import type { ConverterCounters } from './counters.ts';
import type { MqttAddress } from './mqtt-address.ts';
import type { Payload } from './payload.ts';
import { readingOf } from './reading.ts';
import { shapeOf } from './record-shape.ts';
import type { TopicSink } from './topics.ts';

/** What an input needs of the converter. */
export interface InputOwner {
  readonly counters: ConverterCounters;
  /** Milliseconds since 1970, and of a clock that never steps. */
  now(): number;
  monotonic(): number;
  warn(text: string): void;
  /** A record has something to process. */
  stir(): void;
  close(input: MqttInput): void;
}

/**
 * An input record on a topic. INVALID while the broker is away, after a message that is not what the
 * address says, and when none came for its time.
 */
export class MqttInput implements Device, TopicSink {
  readonly record: DeviceRecord;
  readonly address: MqttAddress;
  readonly #owner: InputOwner;
  /** When a good message came last; undefined while the value is INVALID anyway. */
  #seen: number | undefined;
  #isBad = false;
  /** Ends its subscription. */
  subscription: Disposable | undefined;

  constructor(record: DeviceRecord, address: MqttAddress, owner: InputOwner) {
    this.record = record;
    this.address = address;
    this.#owner = owner;
  }

  take(payload: Payload): void {
    const { counters } = this.#owner;
    const { retain } = payload.message;
    if (retain && this.address.retained === 'ignore') return;
    counters.messages++;
    const shape = shapeOf(this.record);
    const reading = readingOf(payload, this.address, shape);
    if (reading.kind === 'none') return;
    if (reading.kind === 'bad') {
      this.#complain(payload.message.topic, reading.text);
      return;
    }
    const { value, time = this.#owner.now(), poor } = reading;
    this.record.feed(value, epicsNow(time), shape.kind === 'state' ? shape.by : 'raw');
    this.#owner.stir();
    this.#isBad = false;
    this.#seen = this.#owner.monotonic() - this.#age(time, retain);
    if (poor !== undefined) this.#invalid(AlarmStatus.read, poor);
    else if (retain && this.address.retained === 'stale') {
      this.#invalid(AlarmStatus.timeout, 'the broker kept it, of whatever age');
    } else this.watch();
  }

  /** Looks whether its time is over. */
  watch(): void {
    const { timeout } = this.address;
    if (timeout === undefined || this.#seen === undefined) return;
    if (this.#owner.monotonic() - this.#seen < timeout * 1000) return;
    this.#owner.counters.timeouts++;
    this.#invalid(AlarmStatus.timeout, `no message for ${timeout} s`);
  }

  /** The broker is away. */
  lose(text: string): void {
    this.#invalid(AlarmStatus.comm, text);
  }

  [Symbol.dispose](): void {
    this.#owner.close(this);
  }

  /** How old a message says it is; one that the broker just brought is new unless it was kept. */
  #age(time: number, retain: boolean): number {
    return retain && this.address.time ? Math.max(this.#owner.now() - time, 0) : 0;
  }

  /** One line for the first of a row of bad messages. */
  #complain(topic: string, text: string): void {
    this.#owner.counters.bad++;
    if (!this.#isBad) this.#owner.warn(`${this.record.name}: message on ${topic}: ${text}`);
    this.#isBad = true;
    this.#invalid(AlarmStatus.read, text);
  }

  #invalid(status: AlarmStatus, text: string): void {
    this.#seen = undefined;
    this.record.fail(status, text, epicsNow(this.#owner.now()));
    this.#owner.stir();
  }
}
