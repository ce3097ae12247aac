import { type Clock, sleep } from '../../../kernel/index.ts';
import type { BusLink } from '../../link.ts';
import type { AlarmBook } from './alarms/alarm-book.ts';
import type { Entities } from './entities.ts';
import type { KeptTopics } from './kept-topics.ts';
import { type Retained, registrationSteps } from './registration.ts';
import { parsedTopic } from './topic.ts';
import { twinKeys } from './twin.ts';

/** What an introduction says, and how. Durations are seconds. */
export interface IntroductionMeans {
  readonly link: BusLink;
  readonly clock: Clock;
  readonly root: string;
  readonly kept: KeptTopics;
  readonly alarms: AlarmBook;
  readonly acceptTimeout: number;
  readonly acceptDelay: number;
  /** Twins and metadata of all entities. */
  readonly details: (entities: Entities) => Iterable<Retained>;
}

/**
 * Why the entities are introduced: to a broker that may have forgotten what it kept of us, to one
 * that remembers it, or because there are others now, of which it may keep what a process before said.
 */
export type Occasion = 'forgotten' | 'remembered' | 'others';

/** So many entities are told of in a row; then everything else goes first. */
const IN_A_ROW = 50;

/**
 * Introduces the entities to whoever listens: what the broker keeps is asked for where it may have
 * forgotten, then registrations from the top down, then what describes them; only differences are
 * published. When this resolves, data may follow (facts/mqtt.md section 1.10).
 */
export async function introduce(
  entities: Entities,
  occasion: Occasion,
  means: IntroductionMeans,
  signal: AbortSignal,
): Promise<void> {
  const { kept, alarms, root, link } = means;
  const registrations = `${root}/+/+/+/+`;
  const described = [`${registrations}/twin/+`, `${registrations}/m/+/meta`];
  const isAsked = occasion !== 'remembered';
  if (occasion === 'forgotten') kept.forget();
  using _ = kept.listen(isAsked ? [registrations, ...described] : [registrations]);
  // Who subscribes again is told again of the alarms that stand: by now we know whose they are.
  using __ = isAsked ? link.subscribe(alarmFilter(root), () => {}) : undefined;
  if (isAsked) await kept.told(signal);
  if (occasion === 'forgotten') alarms.endAsking();
  const steps = registrationSteps(entities);
  const final = new Map(steps.flat().map((each) => [each.topic, each]));
  // What is kept as it is to be in the end needs no step before.
  const isDone = ({ topic }: Retained) => kept.keeps(final.get(topic));
  for (const step of steps) {
    const news = step.filter((each) => !isDone(each));
    await register(news, means, signal);
  }
  let count = 0;
  for (const each of means.details(entities)) {
    kept.publish(each);
    if (++count % IN_A_ROW === 0) await link.flushed(signal);
  }
  await link.flushed(signal);
}

/** The topics of all alarms. */
export function alarmFilter(root: string): string {
  return `${root}/+/+/+/+/a/+`;
}

/** Whether a topic is one that we say something on. */
export function isOurs(topic: string, entities: Entities): boolean {
  const parsed = parsedTopic(topic, entities);
  if (!parsed) return false;
  const { channel } = parsed;
  if (channel === '' || channel.startsWith('m/')) return true;
  return channel.startsWith('twin/') && twinKeys.includes(channel.slice('twin/'.length));
}

async function register(
  step: readonly Retained[],
  { kept, link, clock, acceptTimeout, acceptDelay }: IntroductionMeans,
  signal: AbortSignal,
): Promise<void> {
  if (step.length === 0) return;
  for (const each of step) kept.publish(each);
  await link.flushed(signal);
  await kept.accepted(1000 * acceptTimeout, signal);
  await sleep(1000 * acceptDelay, signal, clock);
}
