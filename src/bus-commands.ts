import {
  type BusLink,
  type EntityBook,
  type Operation,
  PvClient,
  permits,
  plantOperations,
  type ServedThinEdge,
  serveCommands,
} from './bus/index.ts';
import { plantAccess } from './bus-plant-access.ts';
import type { CommandsConfig } from './config/index.ts';
import type { BusParts } from './ioc-bus.ts';
import { type Scope, systemClock } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';

/** What commands stand on. */
export interface CommandParts extends BusParts {
  readonly entities: EntityBook;
  readonly link: BusLink;
  /** When what is said of the entities may follow. */
  readonly introduced$: ServedThinEdge['introduced$'];
  /** First level of every topic. */
  readonly root: string;
  /** Whose rights commands have, from `busClient`. */
  readonly client: PvClient;
  /** Operations beside those on PVs, plants and the IOC itself. */
  readonly operations: readonly Operation[];
}

/** When this process began: what it executes is told from what one before it did. */
const started = new Date(performance.timeOrigin).toISOString();

/** The client of the IOC that the bus is, until the scope ends. */
export function busClient(
  { user, host }: CommandsConfig,
  { directory }: Pick<BusParts, 'directory'>,
  scope: Scope,
): PvClient {
  return scope.use(new PvClient(directory, { user, host }, systemClock));
}

/** Serves commands on the bus until the scope ends; what it counts. */
export function busCommands(
  options: CommandsConfig,
  { entities: book, introduced$, client, operations, plants, restart, ...parts }: CommandParts,
  scope: Scope,
): readonly StatusRow[] {
  const { maxPayload, maxDepth, maxAnswer, requireTime, share, ...rest } = options;
  const allowed = permits(options);
  const own = plantOperations({
    ...{ client, permits: allowed, clock: systemClock },
    ...{ plants: plantAccess(plants), restartIoc: restart },
  });
  const rules = {
    ...{ ...rest, requiresTime: requireTime, answerBytes: maxAnswer },
    payload: { bytes: maxPayload, depth: maxDepth },
    ...(share !== undefined && { share }),
  };
  const { link, root, log, config } = parts;
  const reserved = reservedBy(config);
  const about = { link, root, log, reserved, book, introduced$ };
  const means = { ...about, permits: allowed, rules, started, clock: systemClock };
  const counters = serveCommands({ ...means, operations: [...own, ...operations] }, scope);
  return [
    countRow('CmdSuccessful', 'Commands of the bus that succeeded', () => counters.successful),
    countRow('CmdFailed', 'Commands of the bus that failed', () => counters.failed),
    countRow('CmdPending', 'Commands of the bus that wait or run', () => counters.pending),
  ];
}

/** Where the other profile has the say. */
function reservedBy({ bus }: BusParts['config']): readonly string[] {
  const { pv } = bus ?? {};
  return [...(pv ? [pv.prefix] : []), ...(pv?.homeAssistant ? [pv.homeAssistant.prefix] : [])];
}
