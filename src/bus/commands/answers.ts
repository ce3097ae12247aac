import type { Clock, Log } from '../../kernel/index.ts';
import type { BusLink } from '../link.ts';
import { Replies } from '../replies.ts';
import { type Command, type Ending, endState, fieldsOf, type Heard } from './command.ts';
import type { JsonObject } from './json.ts';

/** What the states of commands are published with. */
export interface AnswerMeans {
  readonly link: BusLink;
  readonly root: string;
  /** Where we have the say, beside the root: nobody makes us speak there. */
  readonly reserved: readonly string[];
  readonly started: string;
  readonly rules: { readonly answerBytes: number; readonly share?: string };
  readonly clock: Clock;
  readonly log: Log;
}

/** The states that we publish of commands. */
export class Answers {
  readonly #means: AnswerMeans;
  readonly #replies: Replies;

  constructor(means: AnswerMeans) {
    this.#means = means;
    this.#replies = new Replies(means.link, [means.root, ...means.reserved]);
  }

  /** Says that a command is executing, and by whom: so we know our own after a restart. */
  executing({ topic, fields }: Command): void {
    const { link, started } = this.#means;
    const executor = { client: link.clientId, started };
    this.#publish(topic, JSON.stringify({ ...fields, status: 'executing', executor }));
  }

  /**
   * Whether a state that says `executing` is of this IOC, but of another process. Who says nothing
   * of itself may be one before us where nobody shares our commands.
   */
  isOurs(heard: Heard): boolean {
    const { link, started, rules } = this.#means;
    const { executor } = fieldsOf(heard);
    if (typeof executor !== 'object' || executor === null || !('client' in executor)) {
      return rules.share === undefined;
    }
    return executor['client'] === link.clientId && executor['started'] !== started;
  }

  /** Says how a command ended: on its topic, unless that was cleared, and to who wants to hear. */
  tell(heard: Heard, ending: Ending, isCleared: boolean): void {
    const text = this.#stateText(heard, ending);
    if (!isCleared) this.#publish(heard.topic, text);
    this.#replies.send(heard.asked, text);
  }

  /** Says that nobody cleared a command that ended a day ago. */
  remind(topic: string): void {
    const { link, clock, log } = this.#means;
    const text = `${topic} ended a day ago, and who asked has not cleared it: publish an empty retained message to it`;
    log.warn(text);
    const entity = topic.slice(0, topic.lastIndexOf('/cmd/'));
    const event = { text, time: new Date(clock.now()).toISOString(), command: topic };
    link.publish({
      topic: `${entity}/e/command_not_cleared`,
      payload: JSON.stringify(event),
      delivery: 'event',
    });
  }

  /** The last state, within the bounds that an answer has. */
  #stateText(heard: Heard, ending: Ending): string {
    const { answerBytes } = this.#means.rules;
    const fields = askedFields(fieldsOf(heard));
    const text = JSON.stringify(endState(fields, ending));
    const bytes = Buffer.byteLength(text);
    if (bytes <= answerBytes) return text;
    const reason = `the answer has ${bytes} bytes where ${answerBytes} are the most: ask for less`;
    return JSON.stringify(endState(fields, { status: 'failed', reason }));
  }

  /** Each state of a command leaves, in order: who follows it wants to see it executing. */
  #publish(topic: string, payload: string): void {
    const { link } = this.#means;
    link.publish({ topic, payload, delivery: 'event', retain: true, isDurable: true });
  }
}

/** The fields of a state without what a process before us said of itself. */
function askedFields({ executor, ...fields }: JsonObject): JsonObject {
  const isOfProcess = typeof executor === 'object' && executor !== null && 'started' in executor;
  return executor === undefined || isOfProcess ? fields : { ...fields, executor };
}
