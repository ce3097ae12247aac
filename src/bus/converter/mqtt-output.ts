import { epicsNow, isoTime } from '../../kernel/index.ts';
import type { Device, DeviceRecord, PutOutcome, PvValue } from '../../pv/index.ts';
import type { BusLink } from '../link.ts';
import type { ConverterCounters } from './counters.ts';
import { foreign } from './foreign-message.ts';
import type { MqttAddress } from './mqtt-address.ts';
import { filled, plainText } from './payload-template.ts';
import { type Shape, shapeOf } from './record-shape.ts';

/** What an output needs of the converter. */
export interface OutputOwner {
  readonly counters: ConverterCounters;
  readonly link: BusLink | undefined;
  now(): number;
}

/** An output record on a topic: what is put to it is published, or refused while the broker is away. */
export class MqttOutput implements Device {
  readonly #record: DeviceRecord;
  readonly #address: MqttAddress;
  readonly #owner: OutputOwner;
  #last: string | undefined;

  constructor(record: DeviceRecord, address: MqttAddress, owner: OutputOwner) {
    this.#record = record;
    this.#address = address;
    this.#owner = owner;
  }

  write(value: PvValue, settle: (outcome: PutOutcome) => void): void {
    settle(this.#publish(value));
  }

  [Symbol.dispose](): void {}

  #publish(value: PvValue): PutOutcome {
    const { counters, link } = this.#owner;
    const { topic, qos, retain, onChange } = this.#address;
    // A foreign device must not get late what was wished now.
    if (!link?.isConnected) {
      const text = `Put to ${this.#record.name}: the broker is away`;
      return { kind: 'refused', reason: 'away', text };
    }
    const payload = this.#payload(value);
    if (onChange && payload === this.#last) return { kind: 'done' };
    this.#last = payload;
    counters.sent++;
    link.publish(foreign(topic, payload, qos, retain));
    return { kind: 'done' };
  }

  #payload(raw: PvValue): string {
    const { payload, words, scale, offset } = this.#address;
    const shape = shapeOf(this.#record);
    const given = this.#given(raw, shape);
    const isPlain = typeof given !== 'number' || (scale === 1 && offset === 0);
    const value = isPlain ? given : (given - offset) / scale;
    const word = [...words].find(([, number]) => number === value)?.[0];
    if (payload === undefined) return word ?? plainText(value);
    const { seconds, nanoseconds } = epicsNow(this.#owner.now());
    return filled(payload, {
      ...{ value, state: word ?? stateOf(value, shape), time: isoTime(seconds, nanoseconds) },
      ...{ name: this.#record.name, unit: String(this.#record.field('EGU') ?? ''), severity: 0 },
    });
  }

  /** Of records whose states have names only, all of them are 0 in raw terms: VAL counts. */
  #given(raw: PvValue, shape: Shape): PvValue {
    const goesByValue = shape.kind === 'state' && shape.by === 'value';
    return goesByValue ? Number(this.#record.field('VAL') ?? raw) : raw;
  }
}

/** The name of the state that a number is. */
function stateOf(value: PvValue, shape: Shape): string | undefined {
  if (shape.kind !== 'state') return undefined;
  return shape.states.find(({ name, number }) => number === value && name !== '')?.name;
}
