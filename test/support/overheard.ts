import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Log } from '../../src/kernel/index.ts';

/** A log at its most talkative, and all that it said; for what must never be in a log. */
export function overheard(): { readonly log: Log; text(): string } {
  let said = '';
  const stream = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  return { log: pino({ level: 'trace' }, stream), text: () => said };
}
