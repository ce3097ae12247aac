import { debounceTime, Subject, take, timer } from 'rxjs';
import type { Scope } from '../../kernel/index.ts';
import type { BusLink } from '../link.ts';

/** The broker has told all that it keeps when it was silent so long. */
const QUIET_MS = 300;
const LONGEST_MS = 5000;

/** Clears everything that a broker keeps below a topic, the topic itself excepted. */
export function clearRetained(link: BusLink, topic: string, scope: Scope): void {
  const told = new Subject<void>();
  const kept = link.subscribe(`${topic}/#`, (message) => {
    // The filter matches the topic itself, too: MQTT 3.1.1 section 4.7.1.2.
    if (!message.retain || message.payload.length === 0 || message.topic === topic) return;
    link.publish({ topic: message.topic, payload: '', delivery: 'state' });
    told.next();
  });
  const end = () => {
    kept[Symbol.dispose]();
    quiet.unsubscribe();
    late.unsubscribe();
    scope.signal.removeEventListener('abort', end);
  };
  const quiet = told.pipe(debounceTime(QUIET_MS), take(1)).subscribe(end);
  const late = timer(LONGEST_MS).subscribe(end);
  scope.signal.addEventListener('abort', end, { once: true });
}
