import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage now. V8 collects when it needs memory, which a process that has done its heavy
 * work never does again: what that left behind would stay for days.
 */
export function collectGarbage(): void {
  // There is no other way to ask for it; the flag only puts `gc` into contexts made meanwhile.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
