import { map, type OperatorFunction } from 'rxjs';
import type { Notification } from '../ads/index.ts';
import { MalformedFrame } from '../kernel/index.ts';
import type { PipelineCounters } from './counters.ts';
import type { Link } from './link.ts';

/**
 * Puts each notification frame into the process image. A broken frame is counted and logged with
 * its bytes, the samples before the break are kept, and the next frame is taken as if nothing had
 * been.
 */
export function applyTo(
  { memory, log }: Link,
  counters: PipelineCounters,
): OperatorFunction<Notification, void> {
  return map(({ payload, source }) => {
    counters.frames++;
    try {
      memory.applyFrame(payload, source);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      counters.malformed++;
      log.warn(error.message);
    }
  });
}
