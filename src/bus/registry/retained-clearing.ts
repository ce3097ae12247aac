import { debounceTime, Subject, take, timer } from 'rxjs';
import type { BusLink } from '../link.ts';

/** The broker has told all that it keeps when it was silent so long. */
const QUIET_MS = 300;
const LONGEST_MS = 5000;

/** Clears everything that a broker keeps below topics, the topics themselves excepted. */
export class RetainedClearing implements Disposable {
  readonly #link: BusLink;
  /** What is being cleared, and what ends that. */
  readonly #running = new Map<string, () => void>();

  constructor(link: BusLink) {
    this.#link = link;
  }

  /** Begins to clear what is below a topic; it ends by itself. */
  begin(topic: string): void {
    this.#running.get(topic)?.();
    const told = new Subject<void>();
    const kept = this.#link.subscribe(`${topic}/#`, (message) => {
      // The filter matches the topic itself, too: MQTT 3.1.1 section 4.7.1.2.
      if (!message.retain || message.payload.length === 0 || message.topic === topic) return;
      this.#link.publish({ topic: message.topic, payload: '', delivery: 'state' });
      told.next();
    });
    const end = () => {
      kept[Symbol.dispose]();
      quiet.unsubscribe();
      late.unsubscribe();
      this.#running.delete(topic);
    };
    const quiet = told.pipe(debounceTime(QUIET_MS), take(1)).subscribe(end);
    const late = timer(LONGEST_MS).subscribe(end);
    this.#running.set(topic, end);
  }

  [Symbol.dispose](): void {
    for (const end of [...this.#running.values()]) end();
  }
}
