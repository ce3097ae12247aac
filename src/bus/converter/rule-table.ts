import { type Log, messageOf } from '../../kernel/index.ts';
import type { ConvertRule } from './convert-rule.ts';
import type { MqttDevices } from './mqtt-devices.ts';
import { parseMqttAddress } from './parse-address.ts';
import type { Payload } from './payload.ts';
import { readingOf } from './reading.ts';
import type { Shape } from './record-shape.ts';
import { addressOf, type RuleRecord, ruleRecord } from './rule-record.ts';
import type { TopicSink } from './topics.ts';
import { isWild, matched } from './wildcards.ts';

/** What rules need of the IOC. */
export interface RuleMeans {
  readonly devices: MqttDevices;
  /** Whether there is a record of a name. */
  readonly has: (name: string) => boolean;
  /** Makes a record; throws when it cannot be. */
  readonly make: (record: RuleRecord) => void;
  /** New PVs are there, for clients that searched in vain. */
  readonly announce: () => void;
  readonly log: Log;
}

/** Makes the records of rules: at once, or of those with wildcards when a topic first has a value. */
export function serveRules(rules: readonly ConvertRule[], means: RuleMeans): Disposable {
  const listening: Disposable[] = [];
  for (const rule of rules) {
    if (isWild(rule.topic)) listening.push(discover(rule, means));
    else make(ruleRecord(rule, rule.topic, []), means);
  }
  return {
    [Symbol.dispose]() {
      for (const each of listening) each[Symbol.dispose]();
    },
  };
}

function discover(rule: ConvertRule, means: RuleMeans): Disposable {
  const sink = new Discovery(rule, means);
  return means.devices.topics.listen(rule.topic, rule.qos, sink);
}

function make(record: RuleRecord, means: RuleMeans): boolean {
  const why = whyNot(record, means);
  if (why === undefined) return true;
  means.devices.counters.refused++;
  means.log.error(`Converter: no PV ${record.name} for ${record.fields['INP']}: ${why}`);
  return false;
}

/** Makes the record; or says why it cannot be. */
function whyNot(record: RuleRecord, { has, make: maker }: RuleMeans): string | undefined {
  // A topic must not get hold of somebody else's record.
  if (has(record.name)) return 'there is a record of that name';
  try {
    maker(record);
    return undefined;
  } catch (cause) {
    return messageOf(cause);
  }
}

/** A rule with wildcards: every topic that has a value for it becomes a PV, up to a number. */
class Discovery implements TopicSink {
  readonly #rule: ConvertRule;
  readonly #means: RuleMeans;
  /** Topics that have a PV, or cannot have one. */
  readonly #known = new Set<string>();
  #isFull = false;

  constructor(rule: ConvertRule, means: RuleMeans) {
    this.#rule = rule;
    this.#means = means;
  }

  take(payload: Payload): void {
    const { topic } = payload.message;
    if (this.#known.has(topic) || payload.bytes.length === 0) return;
    const levels = matched(this.#rule.topic, topic);
    if (!levels || !this.#hasValue(payload)) return;
    if (this.#known.size >= this.#rule.most) {
      this.#refuse(topic);
      return;
    }
    this.#known.add(topic);
    if (!make(ruleRecord(this.#rule, topic, levels), this.#means)) return;
    this.#means.devices.counters.made++;
    this.#means.announce();
  }

  /** Topics of other things match, too: they have no such value. */
  #hasValue(payload: Payload): boolean {
    const address = parseMqttAddress(addressOf(this.#rule, payload.message.topic), 'input');
    return readingOf(payload, address, shapeFor(this.#rule)).kind === 'value';
  }

  #refuse(topic: string): void {
    const { devices, log } = this.#means;
    devices.counters.refused++;
    if (!this.#isFull) {
      const { topic: filter, most } = this.#rule;
      log.error(`Converter: no PV for ${topic}: ${filter} has ${most} already (most)`);
    }
    this.#isFull = true;
  }
}

function shapeFor({ type, states = [] }: ConvertRule): Shape {
  switch (type) {
    case 'boolean':
    case 'enum':
      return {
        kind: 'state',
        by: 'value',
        states: states.map((name, number) => ({ name, number })),
      };
    case 'text':
      return { kind: 'text' };
    case 'array':
      return { kind: 'row' };
    case 'integer':
      return { kind: 'wide' };
    case 'number':
      return { kind: 'number' };
  }
}
