import {
  type BusLink,
  type Entity,
  type EntityBook,
  Health,
  healthWill,
  type ServedThinEdge,
  serveThinEdge,
} from './bus/index.ts';
import type { BusLinks } from './bus-links.ts';
import type { ThinEdgeConfig } from './config/index.ts';
import type { BusParts } from './ioc-bus.ts';
import { type Scope, systemClock } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';
import { packageVersion } from './release.ts';

/** What the thin-edge profile stands on. */
export interface ThinEdgeParts extends BusParts {
  readonly entities: EntityBook;
  readonly link: BusLink;
  readonly links: BusLinks;
  /** Where our own file and entity service is; undefined where an agent has one. */
  readonly http: string | undefined;
}

/** Serves the thin-edge profile, and the health of the IOC and of its links. */
export function busThinEdge(
  options: ThinEdgeConfig,
  parts: ThinEdgeParts,
  scope: Scope,
): { readonly rows: readonly StatusRow[] } & Pick<ServedThinEdge, 'introduced$'> {
  const { config, directory, nodes, entities, link, log, http } = parts;
  const { prefix, naming } = config;
  const { separator } = naming;
  const own = (of: string, name: string) => [of, 'IOC', name].join(separator);
  const runtime = [own(prefix, '*'), ...options.runtime];
  const version = packageVersion();
  const twin = {
    ...{ directory, prefix, c8yHardware: options.c8yHardware },
    ioc: {
      version,
      endpoints: {
        ca: config.ca.port ?? 'EPICS_CAS_SERVER_PORT',
        ...(http !== undefined && { http }),
      },
    },
  };
  const lastChangePv = (of: string) => own(of, 'LastChange');
  const healths = serveHealth(options, parts, () => served.entities > 0, scope);
  const means = { directory, nodes, entities, link, log, twin, clock: systemClock };
  const served: ServedThinEdge = serveThinEdge(
    { ...options, runtime },
    { ...means, lastChangePv },
    scope,
  );
  const { introduced$ } = served;
  const introduced = introduced$.subscribe(() => {
    for (const health of healths) health.say();
  });
  scope.defer(() => introduced.unsubscribe());
  return { rows: rowsOf(served), introduced$ };
}

/** Of the IOC on the link of all, of each plant's ADS link on a connection for its will alone. */
function serveHealth(
  options: ThinEdgeConfig,
  parts: ThinEdgeParts,
  isReady: () => boolean,
  scope: Scope,
): readonly Health[] {
  const { entities: book, link, links, nodes } = parts;
  const { ioc } = book.entities;
  const healthOf = (service: Entity, over: BusLink, isUp: () => boolean) => {
    const device = service.topicId.split('/').slice(0, 2).join('/');
    const devices = [`${device}//`];
    const { root } = options.entities;
    return new Health(
      { service, link: over, clock: systemClock, isUp, isReady, devices, root },
      scope,
    );
  };
  const healths = [healthOf(ioc, link, () => true)];
  for (const plant of nodes.plants) {
    const service = book.entities.linkOf(plant.name);
    if (!service) continue;
    const further = links.openFurther({
      suffix: `health-${service.topicId.split('/')[1]}`,
      will: healthWill(service),
    });
    const health = healthOf(service, further, () => plant.link.isUp);
    const changes = nodes.changed$.subscribe(() => health.update());
    scope.defer(() => changes.unsubscribe());
    further.start();
    healths.push(health);
  }
  return healths;
}

function rowsOf(served: ServedThinEdge): readonly StatusRow[] {
  const { counters } = served;
  return [
    countRow('TeEntities', 'Entities introduced to the bus', () => served.entities),
    countRow('TeMessages', 'Measurements published', () => counters.messages),
    countRow('TeValues', 'Values in measurements', () => counters.values),
    countRow('TeDropped', 'Measurements that the rate limit merged', () => counters.dropped),
    countRow('TeLeftOut', 'Values left out as INVALID or no number', () => counters.leftOut),
    countRow('TeAlarms', 'Alarms that stand on the bus', () => served.alarms),
  ];
}
