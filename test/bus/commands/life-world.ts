import type { Command, Ending, Heard } from '../../../src/bus/commands/command.ts';
import { Ledger } from '../../../src/bus/commands/ledger.ts';
import { LifeCycle, type LifeRules } from '../../../src/bus/commands/life-cycle.ts';
import { readPayload } from '../../../src/bus/commands/payload.ts';
import type { JsonObject, Operation } from '../../../src/bus/index.ts';
import type { Entity } from '../../../src/bus/profiles/thin-edge/entity.ts';

const usual: LifeRules = { ttl: 10, skew: 5, requiresTime: false, queue: 16, pending: 100 };
const done: Ending = { status: 'successful', result: {} };

/** The service that an IOC is. */
export const iocEntity: Entity = {
  topicId: 'device/main/service/ioc',
  topic: 'te/device/main/service/ioc',
  name: 'ioc',
  ...{ id: 'ioc', kind: 'ioc', parent: undefined, plant: undefined, node: undefined },
  attributes: [],
  attribute: () => undefined,
};

const write: Operation = {
  name: 'write',
  guard: 'write',
  capability: () => ({}),
  subject: ({ subject }) => (typeof subject === 'string' ? subject : 'ioc'),
  run: async () => ({}),
};

type How = Partial<Heard['arrival']>;

/** The life of commands, with everything around it told by a test. */
export class LifeWorld {
  now = 1_000_000;
  refusal: string | undefined;
  isOurs = true;
  readonly happened: string[] = [];
  readonly reminded: string[] = [];
  readonly life: LifeCycle;
  /** What runs now, by id. */
  readonly running = new Map<string, Command>();
  readonly settling = new Map<string, Heard>();

  constructor(rules: Partial<LifeRules> = {}, start: 'open' | 'closed' = 'open') {
    const effects = {
      refusal: () => this.refusal,
      isOurs: () => this.isOurs,
      begin: (command: Command) => {
        this.running.set(command.name.id, command);
        this.happened.push(`begin ${command.name.id}`);
      },
      settle: (heard: Heard) => {
        this.settling.set(heard.name.id, heard);
        this.happened.push(`settle ${heard.name.id}`);
      },
      tell: ({ name: { id } }: Heard, ending: Ending, isCleared: boolean) => {
        const why = ending.status === 'failed' ? `: ${ending.reason}` : '';
        this.happened.push(`tell ${id} ${ending.status}${why}${isCleared ? ' (cleared)' : ''}`);
      },
      remind: (topic: string) => this.reminded.push(topic.split('/').at(-1) ?? ''),
    };
    this.life = new LifeCycle(effects, { ...usual, ...rules }, new Ledger(1000));
    if (start === 'open') this.life.open(this.now);
  }

  /** Ids that were begun, in order. */
  get began(): readonly string[] {
    return this.happened
      .filter((each) => each.startsWith('begin'))
      .map((each) => each.split(' ')[1] ?? '');
  }

  ask(id: string, fields: JsonObject = {}, how: How = {}): void {
    this.say(id, { status: 'init', ...fields }, how);
  }

  say(id: string, fields: JsonObject, how: How = {}): void {
    this.payload(id, JSON.stringify(fields), how);
  }

  clear(id: string): void {
    this.payload(id, '');
  }

  payload(id: string, text: string, how: How = {}): void {
    const bytes = new TextEncoder().encode(text);
    this.life.hear(
      {
        topic: `te/device/main/service/ioc/cmd/write/${id}`,
        name: { topicId: iocEntity.topicId, operation: 'write', id },
        ...{ operation: write, entity: iocEntity, digest: text, asked: {} },
        payload: readPayload(bytes, { bytes: 10_000, depth: 16 }),
        arrival: { at: this.now, isRetained: false, isLate: false, ...how },
      },
      this.now,
    );
  }

  end(id: string, ending = done): void {
    const command = this.running.get(id);
    if (!command) throw new Error(`${id} does not run`);
    this.running.delete(id);
    this.life.ended(command, ending, this.now);
  }

  settle(id: string, ending: Ending): void {
    const heard = this.settling.get(id);
    if (!heard) throw new Error(`${id} was not interrupted`);
    this.life.settled(heard, ending, this.now);
  }

  /** Seconds go by, at whose end the memory is looked at. */
  pass(seconds: number): void {
    this.now += seconds * 1000;
    this.life.tick(this.now);
  }
}
