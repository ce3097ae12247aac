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
import { busFiles, type FileGround, notedEvents } from './bus-files.ts';
import { BusLinks } from './bus-links.ts';
import { servePv } from './bus-pv.ts';
import { busRows } from './bus-rows.ts';
import { busThinEdge, type ThinEdgeParts } from './bus-thin-edge.ts';
import type { BusConfig, IocConfig, ThinEdgeConfig } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import type { StatusRow } from './pipeline/index.ts';
import type { ServedPlant } from './plants.ts';
import type { Directory } from './pv/index.ts';
import type { RecordTable } from './records/index.ts';

/** What of an IOC the bus serves. */
export interface BusParts extends FileGround {
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
  const { thinEdge, pv } = bus;
  const links = new BusLinks(config, parts.log, scope);
  const entities = thinEdge && keepEntities(parts.nodes, thinEdge.entities, scope);
  const link = links.open(entities && healthWill(entities.entities.ioc));
  const about = { ...parts, bus, brokerUrl: config.url, link, links };
  const rows = [
    ...[...busRows(link), ...brokerRows(broker)],
    ...(entities ? await serveEntities(thinEdge, { ...about, entities }, scope) : []),
    ...(pv ? servePv(pv, links, parts, scope) : []),
    ...serveBridges(bus.bridges, links, parts.log, scope),
    ...serveConverter(bus.convert, about, scope),
  ];
  link.start();
  return { link, rows, urls: broker?.urls ?? [] };
}

/** What there is of and for thin-edge entities. */
async function serveEntities(
  options: ThinEdgeConfig,
  parts: Omit<ThinEdgeParts, 'http'> & { readonly bus: BusConfig; readonly brokerUrl: string },
  scope: Scope,
): Promise<readonly StatusRow[]> {
  const { link, events } = notedEvents(parts.link);
  const { commands } = parts.bus;
  const client = busClient(commands, parts, scope);
  const { http, operations } = await busFiles(options, { ...parts, client, events }, scope);
  const { rows, introduced$ } = busThinEdge(options, { ...parts, link, http }, scope);
  const { root } = options.entities;
  const asked = { ...parts, root, client, operations, introduced$ };
  return [...rows, ...(commands.enabled ? busCommands(commands, asked, scope) : [])];
}
