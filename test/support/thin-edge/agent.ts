import { parsedAlarm, parsedEvent, parsedObject } from './alarm.ts';
import { checkTime, parsedMeasurement } from './measurement.ts';

/** A message as it was published. */
export interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly qos: number;
}

/** An entity that the agent knows. */
export interface Registered {
  readonly type: string;
  readonly parent: string | undefined;
  readonly health: string | undefined;
}

/** Telemetry of entities that are not known yet; the oldest are lost (facts/mqtt.md section 1.2). */
const EARLY = 100;

/** Largest packet that every cloud takes (section 1.9). */
const LARGEST = 16_184;

/**
 * An agent and mapper that know the rules of thin-edge (facts/mqtt.md section 1) and forgive nothing:
 * whatever is wrong is an error here, and so is each early message that finds no room.
 */
export class ModelAgent {
  readonly errors: string[] = [];
  readonly entities = new Map<string, Registered>();
  readonly measurements = new Map<string, number>();
  readonly events: string[] = [];
  /** Alarms that stand, by topic. */
  readonly alarms = new Map<string, Record<string, unknown>>();
  readonly twins = new Map<string, unknown>();
  readonly health = new Map<string, string>();
  /** Data that came before its entity. */
  early = 0;
  readonly #ring: Published[] = [];
  readonly #waiting: Published[] = [];

  constructor(role: 'child' | 'main' = 'child') {
    const main = { type: 'device', parent: undefined, health: undefined };
    if (role === 'child') this.entities.set('device/main//', main);
  }

  /** Takes a message; anything that is not of thin-edge is none of its business. */
  hear(message: Published): void {
    if (!message.topic.startsWith('te/')) return;
    try {
      this.#hear(message);
    } catch (error) {
      this.errors.push(`${message.topic}: ${error instanceof Error ? error.message : error}`);
    }
  }

  #hear(message: Published): void {
    const size = message.topic.length + Buffer.byteLength(message.payload) + 7;
    if (size > LARGEST) throw new Error(`${size} bytes, more than a cloud takes`);
    const [, a, b, c, d, ...channel] = message.topic.split('/');
    if (d === undefined) throw new Error('no topic of an entity');
    const id = `${a}/${b}/${c}/${d}`;
    if (!isDefaultScheme(id)) throw new Error(`${id} is not of the default scheme`);
    if (channel.length === 0) this.#register(id, message);
    else if (!this.entities.has(id)) this.#keep(message, channel);
    else this.#take(id, channel, message);
  }

  #register(id: string, { payload, retain, qos }: Published): void {
    check(retain && qos >= 1, 'a registration is retained, QoS 1');
    if (payload === '') {
      this.entities.delete(id);
      return;
    }
    const { '@type': type, '@parent': parent, '@health': health, ...rest } = parsedObject(payload);
    check(typeof type === 'string', 'a registration without @type');
    check(type !== 'device' || id === 'device/main//', 'only the main device is a device');
    for (const key of Object.keys(rest)) check(!key.startsWith('@') || key === '@id', key);
    const known = this.entities.get(id);
    check(known === undefined || known.type === type, 'the type of an entity cannot change');
    const above = type === 'device' ? undefined : String(parent ?? 'device/main//');
    if (above !== undefined) {
      const type_ = this.entities.get(above)?.type;
      check(type_ !== undefined, `the parent ${above} is not known`);
      check(type_ !== 'service', `the parent ${above} is no device`);
    }
    if (health !== undefined) {
      check(this.entities.get(String(health))?.type === 'service', `no service ${health}`);
    }
    this.entities.set(id, {
      ...{ type: String(type), parent: above },
      health: health === undefined ? undefined : String(health),
    });
    this.#release(id);
  }

  #keep(message: Published, [kind]: readonly string[]): void {
    this.early++;
    if (kind === 'twin' || kind === 'cmd') {
      this.#waiting.push(message);
      return;
    }
    this.#ring.push(message);
    if (this.#ring.length > EARLY) {
      const lost = this.#ring.shift();
      throw new Error(`lost, for it came before its entity: ${lost?.topic}`);
    }
  }

  /** What waited for an entity. */
  #release(id: string): void {
    const isOf = ({ topic }: Published) => topic.startsWith(`te/${id}/`);
    for (const kept of [this.#waiting, this.#ring]) {
      const all = kept.splice(0);
      kept.push(...all.filter((each) => !isOf(each)));
      for (const each of all.filter(isOf)) this.hear(each);
    }
  }

  #take(id: string, channel: readonly string[], message: Published): void {
    const [kind, type = '', meta] = channel;
    const isMeta = meta === 'meta' && channel.length === 3 && /^[mea]$/.test(kind ?? '');
    if (isMeta) {
      check(message.retain && message.qos >= 1, 'metadata is retained, QoS 1');
      if (message.payload !== '') parsedObject(message.payload);
      return;
    }
    check(channel.length === 2 || (kind === 'cmd' && channel.length === 3), 'invalid category');
    if (kind === 'm') this.#measurement(message);
    else if (kind === 'e') this.#event(message);
    else if (kind === 'a') this.#alarm(message);
    else if (kind === 'twin') this.#twin(type, message);
    else if (kind === 'status') this.#status(id, type, message);
    else if (kind === 'cmd') checkCommand(channel, message);
    else throw new Error(`invalid category ${kind}`);
  }

  #measurement({ topic, payload, retain }: Published): void {
    check(!retain, 'a measurement is not retained');
    parsedMeasurement(payload);
    this.measurements.set(topic, (this.measurements.get(topic) ?? 0) + 1);
  }

  #event({ topic, payload, retain, qos }: Published): void {
    check(!retain && qos >= 1, 'an event is not retained, QoS 1');
    parsedEvent(payload);
    this.events.push(topic);
  }

  #alarm({ topic, payload, retain, qos }: Published): void {
    check(retain && qos >= 1, 'an alarm is raised and cleared retained, QoS 1 or more');
    if (payload === '') {
      check(this.alarms.delete(topic), 'cleared without having been raised');
      return;
    }
    this.alarms.set(topic, parsedAlarm(payload));
  }

  #twin(key: string, { topic, payload, retain, qos }: Published): void {
    check(retain && qos >= 1, 'a twin is retained, QoS 1');
    check(key !== '' && !key.startsWith('@'), `no key of a twin: ${key}`);
    if (payload === '') this.twins.delete(topic);
    else this.twins.set(topic, JSON.parse(payload));
  }

  #status(id: string, component: string, { payload, retain, qos }: Published): void {
    if (component !== 'health') return;
    check(retain && qos >= 1, 'health is retained, QoS 1');
    const { status, time } = parsedObject(payload);
    check(status === 'up' || status === 'down', `health is up or down, not ${status}`);
    if (time !== undefined) checkTime(time);
    this.health.set(id, String(status));
  }
}

function check(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** `device/<id>//` and `device/<id>/service/<name>` (section 1.1). */
function isDefaultScheme(id: string): boolean {
  return /^device\/[^/]+\/(\/|service\/[^/]+)$/.test(id);
}

/** Capabilities and commands; health checks are the exception to all their rules. */
function checkCommand(channel: readonly string[], { payload, retain, qos }: Published): void {
  if (channel[1] === 'health') return;
  check(retain && qos >= 1, 'commands and capabilities are retained, QoS 1');
  if (payload !== '') parsedObject(payload);
}
