import { type Log, messageOf } from '../kernel/index.ts';

/** Rules that can be read again. */
interface Reloadable {
  readonly isNamed: boolean;
  init(): Promise<void>;
}

/**
 * Reads the rules of access security again at each SIGHUP. Where there are none the signal keeps
 * its meaning, which is to end.
 */
export function reloadAtHangup(access: Reloadable, log: Log): Disposable {
  const reload = () => {
    access.init().catch((cause: unknown) => {
      log.error(`Access security stays as it was:\n${messageOf(cause)}`);
    });
  };
  if (access.isNamed) process.on('SIGHUP', reload);
  return { [Symbol.dispose]: () => process.off('SIGHUP', reload) };
}
