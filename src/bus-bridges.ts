import { Bridge, type BridgeCounters, openBusLink } from './bus/index.ts';
import type { BusLinks } from './bus-links.ts';
import { busRows } from './bus-rows.ts';
import type { BridgeConfig } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';

/**
 * Carries messages between the broker of the bus and others until the scope ends, but for bridges
 * that mosquitto is to be. Returns what they tell of themselves.
 */
export function serveBridges(
  bridges: readonly BridgeConfig[],
  links: BusLinks,
  log: Log,
  scope: Scope,
): readonly StatusRow[] {
  return bridges.flatMap((bridge) =>
    bridge.by === 'ioc' ? serveBridge(bridge, links, log, scope) : [],
  );
}

function serveBridge(
  { remote: other, ...options }: BridgeConfig,
  links: BusLinks,
  log: Log,
  scope: Scope,
): readonly StatusRow[] {
  const { keepAlive, files: _, ...place } = other;
  const told = log.child({ bridge: options.name });
  const local = links.openBridge(options.name, options.isPrivate.local);
  const remote = scope.use(
    openBusLink(
      {
        ...{ ...place, log: told, keepAliveSeconds: keepAlive },
        isBridge: options.isPrivate.remote,
      },
      scope.signal,
    ),
  );
  const bridge = scope.use(new Bridge(options, { local, remote, log }));
  for (const link of [local, remote]) link.start();
  const prefix = rowPrefix(options.name);
  return [
    ...busRows(remote).map((row) => ({ ...row, name: row.name.replace('Bus', prefix) })),
    ...bridgeRows(prefix, bridge.counters),
  ];
}

function bridgeRows(name: string, counters: BridgeCounters): readonly StatusRow[] {
  return [
    countRow(`${name}Out`, 'Messages carried to the other broker', () => counters.out),
    countRow(`${name}In`, 'Messages carried from there', () => counters.in),
    countRow(`${name}TooLong`, 'Messages too long for it', () => counters.tooLarge),
    countRow(`${name}Echoes`, 'Messages that came back', () => counters.echoes),
  ];
}

/** `c8y` → `BridgeC8y` */
function rowPrefix(name: string): string {
  return `Bridge${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
