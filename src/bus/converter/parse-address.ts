import { IocError, messageOf } from '../../kernel/index.ts';
import { isTopic, isTopicFilter } from '../topic-filter.ts';
import { type AddressWord, addressWords } from './address-words.ts';
import { jsonPointer } from './json-pointer.ts';
import type { MqttAddress } from './mqtt-address.ts';
import { unknownPlaceholder } from './payload-template.ts';
import { matched } from './wildcards.ts';

type Direction = 'input' | 'output';
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Draft = Mutable<MqttAddress>;
/** Takes the value of an option. Throws what is wrong with it. */
type Take = (draft: Draft, value: string) => void;

/** What counts as good where an address does not say: OPC's 192 among it. */
const GOOD = ['true', 'good', 'valid', 'ok', '1', '192'];

const both: Readonly<Record<string, Take>> = {
  QOS: (draft, value) => {
    draft.qos = Number(oneOf(value, ['0', '1'])) as 0 | 1;
  },
  MAP: (draft, value) => {
    draft.words = words(value);
  },
  SCALE: (draft, value) => {
    draft.scale = number(value);
    if (draft.scale === 0) throw new Error('must not be 0');
  },
  OFFSET: (draft, value) => {
    draft.offset = number(value);
  },
};

const inputs: Readonly<Record<string, Take>> = {
  JSON: (draft, value) => {
    draft.json = jsonPointer(value);
  },
  QUALITY: (draft, value) => {
    draft.quality = jsonPointer(value);
  },
  GOOD: (draft, value) => {
    draft.good = value.split(',').map((word) => word.trim().toLowerCase());
  },
  TIME: (draft, value) => {
    draft.time = jsonPointer(value);
  },
  TIMEOUT: (draft, value) => {
    draft.timeout = number(value);
    if (draft.timeout <= 0) throw new Error('must be more than 0 seconds');
  },
  RETAINED: (draft, value) => {
    draft.retained = oneOf(value, ['take', 'ignore', 'stale']);
  },
  VIA: (draft, value) => {
    if (!isTopicFilter(value)) throw new Error('is no topic to subscribe to');
    draft.via = value;
  },
};

const outputs: Readonly<Record<string, Take>> = {
  PAYLOAD: (draft, value) => {
    const unknown = unknownPlaceholder(value);
    if (unknown !== undefined) throw new Error(`has ${unknown}, which stands for nothing`);
    draft.payload = value;
  },
};

/** Words without a value. */
const flags: Readonly<Record<Direction, Readonly<Record<string, (draft: Draft) => void>>>> = {
  input: {
    JSON: (draft) => {
      draft.json = [];
    },
    OPTIONAL: (draft) => {
      draft.isOptional = true;
    },
  },
  output: {
    RETAIN: (draft) => {
      draft.retain = true;
    },
    'ON-CHANGE': (draft) => {
      draft.onChange = true;
    },
  },
};

/**
 * What the address of a record with DTYP MQTT says: a topic, then options, parted by blanks:
 * `zigbee2mqtt/hall JSON=/temperature TIMEOUT=600`. Throws `bus/mqtt-address` with what is wrong and
 * what would be right.
 */
export function parseMqttAddress(address: string, direction: Direction): MqttAddress {
  const wrong = (why: string, cause?: unknown) =>
    new IocError('bus/mqtt-address', `"@${address}" is no address of DTYP MQTT: ${why}`, { cause });
  const all = addressWords(address);
  if (all === undefined) throw wrong('a quote is not closed');
  const [topic, ...rest] = all;
  if (topic === undefined || topic.key !== undefined) {
    throw wrong("it begins with a topic; one with blanks or = needs quotes: '…'");
  }
  const draft: Draft = { ...blank, topic: topic.text };
  if (direction === 'output' && !isTopic(topic.text)) {
    throw wrong(`"${topic.text}" is no topic to publish on`);
  }
  if (!isTopicFilter(topic.text)) throw wrong(`"${topic.text}" is no topic`);
  for (const word of rest) {
    try {
      take(draft, word, direction);
    } catch (cause) {
      throw wrong(messageOf(cause));
    }
  }
  if (draft.via !== undefined && !matched(draft.via, draft.topic)) {
    throw wrong(`VIA=${draft.via} does not bring ${draft.topic}`);
  }
  return draft;
}

const blank: MqttAddress = {
  ...{ topic: '', qos: 1, words: new Map(), scale: 1, offset: 0 },
  ...{ good: GOOD, retained: 'take', isOptional: false, retain: false, onChange: false },
};

function take(draft: Draft, { key, text }: AddressWord, direction: Direction): void {
  if (key === undefined) {
    const flag = flags[direction][text.toUpperCase()];
    if (flag === undefined || !Object.hasOwn(flags[direction], text.toUpperCase())) {
      throw new Error(`"${text}" is no option; there are ${known(direction)}`);
    }
    flag(draft);
    return;
  }
  const options = { ...both, ...(direction === 'input' ? inputs : outputs) };
  const option = Object.hasOwn(options, key) ? options[key] : undefined;
  if (!option) throw new Error(`there is no option ${key}; there are ${known(direction)}`);
  try {
    option(draft, text);
  } catch (cause) {
    throw new Error(`${key}=${text}: ${messageOf(cause)}`);
  }
}

function known(direction: Direction): string {
  const options = Object.keys({ ...both, ...(direction === 'input' ? inputs : outputs) });
  return [...options.map((key) => `${key}=`), ...Object.keys(flags[direction])].join(', ');
}

/** `ON:1,OFF:0`. */
function words(text: string): Map<string, number> {
  return new Map(
    text.split(',').map((pair) => {
      const at = pair.lastIndexOf(':');
      if (at < 0) throw new Error('must be words with numbers: ON:1,OFF:0');
      return [pair.slice(0, at).trim(), number(pair.slice(at + 1))] as const;
    }),
  );
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`"${text}" is no number`);
  return value;
}

function oneOf<T extends string>(text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text.toLowerCase());
  if (choice === undefined) throw new Error(`must be ${choices.join(' or ')}`);
  return choice;
}
