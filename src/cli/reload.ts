import { type Log, messageOf } from '../kernel/index.ts';
import type { AccessControl } from '../pv/index.ts';

/**
 * Reads the rules of access security again at each SIGHUP. Where there are none the signal keeps
 * its meaning, which is to end.
 */
export function reloadAtHangup(access: AccessControl | undefined, log: Log): Disposable {
  const reload = () => {
    access?.reload().catch((cause: unknown) => {
      log.error(`Access security stays as it was:\n${messageOf(cause)}`);
    });
  };
  if (access) process.on('SIGHUP', reload);
  return { [Symbol.dispose]: () => process.off('SIGHUP', reload) };
}
