import { type Log, silentLog } from '../../kernel/index.ts';
import type { DeviceSupport } from '../devices/device-support.ts';
import type { RemoteLinks } from '../links/remote-links.ts';

/** What `ioc.ts` plugs into the engine. */
export interface EngineMeans {
  readonly log: Log;
  /** Without it, links to names that are not here are LINK/INVALID. */
  readonly remote?: RemoteLinks;
  /** Device supports beside those of EPICS base. */
  readonly devices?: readonly DeviceSupport[];
  /** Called when what was loaded is initialised, before any of it processes: autosave's pass 1. */
  readonly initialised?: () => void;
  /** For the `getenv` device support. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export const noMeans: EngineMeans = { log: silentLog };
