import type { Clock, Scope } from '../../../kernel/index.ts';
import type { BusLink } from '../../link.ts';
import type { Publication, Received } from '../../message.ts';
import type { Entity } from './entity.ts';

/** Between two repairs of a health that somebody else said. */
const REPAIR_MS = 1000;

/** Whose health, how it is, and who may ask. */
export interface HealthMeans {
  readonly service: Entity;
  readonly link: BusLink;
  readonly clock: Clock;
  readonly isUp: () => boolean;
  /** Whether the service was introduced: its health is nobody's before. */
  readonly isReady: () => boolean;
  /** Topic ids of the devices that a check may be about instead of the service. */
  readonly devices: readonly string[];
  /** First level of every topic. */
  readonly root: string;
}

/** What the broker says for a service whose process died. */
export function healthWill(service: Entity): () => Publication {
  return () => ({ topic: topicOf(service), payload: '{"status":"down"}', delivery: 'state' });
}

/**
 * The health of a service: said at each connection, when somebody asks, and again when the will of
 * a connection before arrives late; down at the end, since the broker says it only of who died.
 */
export class Health {
  readonly #means: HealthMeans;
  #said: boolean | undefined;
  #repairedAt = Number.NEGATIVE_INFINITY;

  constructor(means: HealthMeans, scope: Scope) {
    const { link, service, devices, root } = means;
    this.#means = means;
    const connected = link.connected$.subscribe(() => this.say());
    const checks = [service.topicId, ...devices].map((id) => `${root}/${id}/cmd/health/check`);
    const open = [
      link.subscribe(topicOf(service), (message) => this.#hear(message)),
      ...checks.map((topic) => link.subscribe(topic, () => this.say())),
    ];
    scope.defer(() => {
      connected.unsubscribe();
      for (const each of open) each[Symbol.dispose]();
      if (this.#said !== undefined) this.#publish(false);
    });
  }

  /** Says how the service is now. */
  say(): void {
    const { link, isReady, isUp } = this.#means;
    if (link.isConnected && isReady()) this.#publish(isUp());
  }

  /** Says so if it is another health than was said. */
  update(): void {
    if (this.#means.isUp() !== this.#said) this.say();
  }

  #publish(isUp: boolean): void {
    const { link, service, clock } = this.#means;
    this.#said = isUp;
    const status = isUp ? 'up' : 'down';
    const payload = JSON.stringify({ status, pid: process.pid, time: clock.now() / 1000 });
    link.publish({ topic: topicOf(service), payload, delivery: 'state' });
  }

  /** The will of a connection that was lost may come after the next one said that all is well. */
  #hear({ payload }: Received): void {
    const now = this.#means.clock.monotonic();
    const isWrong = statusIn(payload) !== (this.#said ? 'up' : 'down');
    if (!isWrong || this.#said === undefined || now - this.#repairedAt < REPAIR_MS) return;
    this.#repairedAt = now;
    this.say();
  }
}

function topicOf({ topic }: Entity): string {
  return `${topic}/status/health`;
}

function statusIn(payload: Uint8Array): unknown {
  try {
    const health: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof health === 'object' && health !== null && 'status' in health
      ? health.status
      : undefined;
  } catch {
    return undefined;
  }
}
