import type { PvDirectory } from './pv/index.ts';
import { packageVersion } from './release.ts';

/** What softIoc loads for `-x`. There it is a sub record, whose code is compiled; here an ao. */
export function exitRecords(): string {
  return `
record(ao, "$(IOC):exit") {
  field(DESC, "Put 0 to exit, else to fail")
  field(MDEL, "-1")
}
record(stringin, "$(IOC):BaseVersion") {
  field(DESC, "Version of the IOC")
  field(VAL, "twincat-ioc ${packageVersion()}")
  field(DISP, "1")
}
`;
}

/** Calls `exit` with the exit code, once somebody put to the exit record. */
export function watchExit(
  directory: PvDirectory,
  prefix: string,
  exit: (code: number) => void,
): Disposable {
  const slot = directory.find(`${prefix}:exit`)?.slot;
  const watch = directory.posted$.subscribe(({ count, slots }) => {
    for (let i = 0; i < count; i++) {
      if (slots[i] === slot) exit(directory.columns.number[slot ?? 0] === 0 ? 0 : 1);
    }
  });
  return { [Symbol.dispose]: () => watch.unsubscribe() };
}
