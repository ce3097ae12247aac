import {
  type BusLink,
  healthWill,
  keepEntities,
  type MqttDevices,
  type PlantNodes,
} from './bus/index.ts';
import { serveBridges } from './bus-bridges.ts';
import { brokerage, brokerRows } from './bus-broker.ts';
import { busClient, busCommands } from './bus-commands.ts';
import { serveConverter } from './bus-converter.ts';
import { BusLinks } from './bus-links.ts';
import { servePv } from './bus-pv.ts';
import { busRows } from './bus-rows.ts';
import { busThinEdge } from './bus-thin-edge.ts';
import type { BusConfig, IocConfig } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import type { StatusRow } from './pipeline/index.ts';
import type { ServedPlant } from './plants.ts';
import type { Directory } from './pv/index.ts';
import type { RecordTable } from './records/index.ts';

/** What of an IOC the bus serves. */
export interface BusParts {
  readonly config: IocConfig;
  readonly directory: Directory;
  readonly records: RecordTable;
  readonly nodes: PlantNodes;
  readonly plants: readonly ServedPlant[];
  /** Ends the process so that it is started again; undefined where nobody would. */
  readonly restart: (() => void) | undefined;
  /** Of records with DTYP MQTT. */
  readonly devices: MqttDevices;
  /** New PVs are there, for clients that searched in vain. */
  readonly announce: () => void;
  readonly log: Log;
}

/** The bus, as the IOC sees it. */
export interface ServedBus {
  readonly link: BusLink;
  readonly rows: readonly StatusRow[];
  /** Where clients find the embedded broker; empty where the broker is another's. */
  readonly urls: readonly string[];
}

/**
 * Serves an IOC on the MQTT bus until the scope ends. What is served there is put together before
 * the link starts, so that nothing is missed that waited in the broker; what it says last, when the
 * scope ends, still leaves.
 */
export async function serveBus(bus: BusConfig, parts: BusParts, scope: Scope): Promise<ServedBus> {
  const { link: config, broker } = await brokerage(bus, parts.log, scope);
  const { thinEdge, pv, commands } = bus;
  const links = new BusLinks(config, parts.log, scope);
  const entities = thinEdge && keepEntities(parts.nodes, thinEdge.entities, scope);
  const link = links.open(entities && healthWill(entities.entities.ioc));
  const about = { ...parts, link, links };
  const rows = [
    ...[...busRows(link), ...brokerRows(broker)],
    ...(pv ? servePv(pv, links, parts, scope) : []),
    ...serveBridges(bus.bridges, links, parts.log, scope),
    ...serveConverter(bus.convert, about, scope),
  ];
  if (entities) {
    const { rows: own, introduced$ } = busThinEdge(thinEdge, { ...about, entities }, scope);
    rows.push(...own);
    const { root } = thinEdge.entities;
    const asked = { root, client: busClient(commands, parts, scope), operations: [], introduced$ };
    if (commands.enabled)
      rows.push(...busCommands(commands, { ...about, ...asked, entities }, scope));
  }
  link.start();
  return { link, rows, urls: broker?.urls ?? [] };
}
