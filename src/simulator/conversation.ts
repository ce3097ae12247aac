import {
  AMS_HEADER,
  type AmsHeader,
  CommandId,
  decodePacket,
  encodePacket,
  StateFlag,
  toTcp,
} from '../ads/index.ts';
import { type Clock, type Log, MalformedFrame } from '../kernel/index.ts';
import type { Counters } from './counters.ts';
import type { Disturbance } from './disturbance.ts';
import type { Plant } from './plant.ts';
import { type Answer, answer, failed } from './requests.ts';
import type { Router } from './router.ts';
import type { Routes } from './routes.ts';
import type { Cycle, Due, Subscriber } from './subscriber.ts';
import { type Concern, Subscribers } from './subscribers.ts';

/** What a conversation needs of the simulator around it. */
export interface Surroundings {
  readonly plant: Plant;
  readonly router: Router;
  readonly routes: Routes;
  readonly disturbance: Disturbance;
  readonly cycle: Cycle;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Log;
  /** All conversations that there are. */
  readonly conversations: Set<Conversation>;
  /** The virtual AMS network that the plant is on, if it is on one. */
  network: Network | undefined;
}

/** A network that the plant can leave and join again. */
export interface Network {
  leave(): Promise<void>;
  join(): Promise<void>;
}

/** The requests and notifications of whoever is at the other end of one link. */
export class Conversation {
  readonly #around: Surroundings;
  readonly #subscribers: Subscribers;
  readonly #notify: (batch: Uint8Array) => void;
  #life: number;
  #epoch: number;

  /** `notify` takes notification frames, with TCP prefix, that leave together. */
  constructor(around: Surroundings, notify: (batch: Uint8Array) => void) {
    this.#around = around;
    this.#notify = notify;
    this.#subscribers = new Subscribers(around.cycle);
    this.#life = around.plant.life;
    this.#epoch = around.plant.epoch;
    around.conversations.add(this);
  }

  /**
   * The answer to an AMS packet as an AMS/TCP frame; undefined when it wants or gets none. Throws
   * MalformedFrame for what is no packet.
   */
  answer(packet: Uint8Array): Uint8Array | undefined {
    const { header, payload } = decodePacket(packet);
    if (packet.length !== AMS_HEADER + header.length) {
      throw new MalformedFrame('AMS packet longer than its header says', packet);
    }
    const asks = header.command !== CommandId.deviceNotification;
    if (!asks || (header.stateFlags & StateFlag.response) !== 0) return undefined;
    const { counters, disturbance, routes } = this.#around;
    if (disturbance.silent || !routes.admits(header.source.netId)) {
      counters.unanswered++;
      return undefined;
    }
    counters.requests++;
    this.#keepUp();
    const answer = this.#answer(header, payload);
    const wanted = (header.stateFlags & StateFlag.noReturn) === 0;
    return wanted ? answerFrame(header, answer) : undefined;
  }

  /** Sends the first samples of what was subscribed to since the last call. */
  sendFresh(): void {
    for (const subscriber of this.#subscribers.all()) {
      subscriber.sampleFresh(this.#around.cycle);
      this.#sendDue(subscriber);
    }
  }

  /** Takes and sends the samples of one cycle. */
  cycle(): void {
    this.#keepUp();
    const { cycle, disturbance } = this.#around;
    for (const subscriber of this.#subscribers.all()) {
      // What has waited long enough leaves without the samples of this cycle.
      this.#sendDue(subscriber);
      if (disturbance.flood > 0) subscriber.repeat(cycle, disturbance.flood);
      subscriber.sample(cycle);
      this.#sendDue(subscriber);
    }
  }

  /** Drops notifications without a word; how many. */
  drop(concern: Concern): number {
    return this.#subscribers.drop(concern);
  }

  close(): void {
    this.#around.conversations.delete(this);
    this.#subscribers.close();
  }

  /** Notifications follow what became of the plant. */
  #keepUp(): void {
    const { plant, router } = this.#around;
    if (this.#life !== plant.life) {
      this.#life = plant.life;
      this.#subscribers.endPlant();
    }
    if (this.#epoch !== plant.epoch) {
      this.#epoch = plant.epoch;
      this.#subscribers.rebind((server) => router.find(server));
    }
  }

  #answer(header: AmsHeader, payload: Uint8Array): Answer {
    const { target: server, source: client } = header;
    const { disturbance, router } = this.#around;
    if (disturbance.routerError !== 0) return failed(disturbance.routerError);
    const route = router.find(server);
    if (typeof route === 'number') return failed(route);
    return answer({ ...route, client, server, subscribers: this.#subscribers }, header, payload);
  }

  #sendDue(subscriber: Subscriber): void {
    const { cycle, disturbance } = this.#around;
    const due = subscriber.due(cycle);
    if (due !== undefined && !disturbance.silent && !disturbance.muted) this.#send(due);
  }

  #send({ bytes, samples, frames }: Due): void {
    const { counters } = this.#around;
    counters.samples += samples;
    counters.frames += frames;
    this.#notify(bytes);
  }
}

/** An answer goes back where its request came from, under the request's invoke id. */
function answerFrame(request: AmsHeader, { payload, errorCode }: Answer): Uint8Array {
  const head = {
    target: request.source,
    source: request.target,
    command: request.command,
    stateFlags: request.stateFlags | StateFlag.response,
    errorCode,
    invokeId: request.invokeId,
  };
  return toTcp(encodePacket(head, payload));
}
