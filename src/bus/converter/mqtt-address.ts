import type { JsonPointer } from './json-pointer.ts';

/** What becomes of a message that the broker kept from before we subscribed. */
export type Retained = 'take' | 'ignore' | 'stale';

/** What a record of DTYP MQTT takes from a topic, or sends to one. */
export interface MqttAddress {
  /** Of an input it may have wildcards: then every topic that matches counts. */
  readonly topic: string;
  /** The subscription that brings it, where another one covers the topic already. */
  readonly via?: string;
  readonly qos: 0 | 1;
  /** Words that stand for numbers; of an output the numbers are sent as these words. */
  readonly words: ReadonlyMap<string, number>;
  readonly scale: number;
  readonly offset: number;

  // Inputs.
  /** Where the value lies in a JSON document; without it the payload is the value. */
  readonly json?: JsonPointer;
  /** Where it says whether the value is good, and the words that say so. */
  readonly quality?: JsonPointer;
  readonly good: readonly string[];
  /** Where its time is: RFC 3339, or a number since 1970. */
  readonly time?: JsonPointer;
  /** Seconds without a message after which the value is no good any more. */
  readonly timeout?: number;
  readonly retained: Retained;
  /** Messages without the value are of no concern. */
  readonly isOptional: boolean;

  // Outputs.
  /** With `{v}`, `{s}` and so on; without it the value alone. */
  readonly payload?: string;
  readonly retain: boolean;
  /** What was sent last is not sent again. */
  readonly onChange: boolean;
}
