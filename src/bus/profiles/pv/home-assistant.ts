import { createHash } from 'node:crypto';
import type { BusLink } from '../../link.ts';
import type { PlantNode, PlantNodes } from '../../node.ts';
import { component } from './home-assistant-component.ts';
import type { HomeAssistantOptions, PvProfileOptions } from './options.ts';
import type { PvSet } from './pv-set.ts';
import type { ServedPv } from './served-pv.ts';

/** What devices are made of. */
export interface HomeAssistantMeans {
  readonly link: BusLink;
  readonly options: PvProfileOptions;
  readonly pvs: PvSet;
  readonly nodes: PlantNodes;
  /** The topic that says whether the link to a node is up. */
  readonly availabilityOf: (node: string) => string;
  /** Version of this program. */
  readonly version: string;
}

/** A terminal of twenty attributes takes a fraction of a millisecond: others must not wait for a thousand. */
const DEVICES_PER_TICK = 20;

/** A device as Home Assistant is told of it. */
interface Device {
  readonly key: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly pvs: readonly (readonly [name: string, pv: ServedPv, isSetpoint: boolean])[];
  readonly availability: readonly string[];
}

/**
 * Device-based discovery of Home Assistant: one retained `<prefix>/device/<id>/config` per terminal,
 * with a component for each attribute. Published after each connection, when Home Assistant says
 * that it was born, and when terminals change.
 */
export class HomeAssistant {
  readonly #discovery: HomeAssistantOptions;
  readonly #means: HomeAssistantMeans;
  /** Digests of what was published, by topic. */
  readonly #told = new Map<string, string>();
  /** Devices that were not looked at yet. */
  #left: Iterator<Device> | undefined;
  /** Something changed meanwhile: all are to be looked at once more. */
  #isStale = false;

  constructor(discovery: HomeAssistantOptions, means: HomeAssistantMeans) {
    this.#discovery = discovery;
    this.#means = means;
  }

  /** From now on the devices that changed are published, or all; some at each tick. */
  publish(isAll = false): void {
    if (isAll) this.#told.clear();
    // Who changes again and again must not keep the last ones waiting.
    if (this.#left) this.#isStale = true;
    else this.#left = this.#devices();
  }

  tick(): void {
    for (let i = 0; this.#left && i < DEVICES_PER_TICK; i++) {
      const { done, value } = this.#left.next();
      if (done) this.#ended();
      else this.#tell(value);
    }
  }

  #ended(): void {
    this.#left = this.#isStale ? this.#devices() : undefined;
    this.#isStale = false;
  }

  *#devices(): Generator<Device, undefined> {
    const { nodes } = this.#means;
    for (const { nodes: all } of nodes.plants) {
      for (const node of all) yield this.#deviceOf(node);
    }
    yield this.#ownDevice();
    return undefined;
  }

  #deviceOf(node: PlantNode): Device {
    const { pvs, availabilityOf } = this.#means;
    const found = node.attributes.flatMap(({ attribute, value, setpoint }) => {
      // Where there is a setpoint, its component shows it; the read-back is one of its own.
      const of = [
        [value, false],
        [setpoint === value ? undefined : setpoint, true],
      ] as const;
      return of.flatMap(([name, isSetpoint]) => {
        const pv = name === undefined ? undefined : pvs.named(name);
        const label =
          isSetpoint || value === undefined
            ? attribute.name
            : readBackName(attribute.name, setpoint);
        return pv ? [[label, pv, isSetpoint || setpoint === value] as const] : [];
      });
    });
    return {
      key: node.path,
      about: aboutOf(node),
      pvs: found,
      availability: [availabilityOf(node.path)],
    };
  }

  /** Records of the site, which belong to no terminal. */
  #ownDevice(): Device {
    const { pvs, options } = this.#means;
    const chosen = pvs.all.filter(({ name }) => {
      return this.#discovery.include.some((each) => each.test(name));
    });
    return {
      key: options.prefix,
      about: { name: options.prefix, mf: 'twincat-ioc', mdl: 'EPICS IOC' },
      pvs: chosen.map((pv) => [pv.name, pv, true] as const),
      availability: [],
    };
  }

  #tell({ key, about, pvs, availability }: Device): void {
    if (pvs.length === 0) return;
    const { link, options, version } = this.#means;
    const id = deviceId(`${options.prefix}/${key}`);
    const components = pvs.map(([name, pv, isSetpoint]) => {
      const unique = deviceId(`${options.prefix}/${pv.name}`);
      return [unique, component(pv, options, { name, unique, isSetpoint })] as const;
    });
    const config = {
      dev: { ids: [id], ...about },
      o: { name: 'twincat-ioc', sw: version },
      availability: [`${options.prefix}/$status`, ...availability].map((topic) => ({ topic })),
      availability_mode: 'all',
      qos: options.qos,
      cmps: Object.fromEntries(components),
    };
    const topic = `${this.#discovery.prefix}/device/${id}/config`;
    const payload = JSON.stringify(config);
    if (this.#told.get(topic) === digest(payload)) return;
    this.#told.set(topic, digest(payload));
    link.publish({ topic, payload, delivery: 'state' });
  }
}

function readBackName(name: string, setpoint: string | undefined): string {
  return setpoint === undefined ? name : `${name} read-back`;
}

function aboutOf({ name, type, identity, path }: PlantNode) {
  return {
    name: `${path} ${type}`.trim(),
    mf: 'Beckhoff',
    mdl: type,
    ...(name !== '' && { mdl_id: name }),
    ...(identity && { hw: `${identity.revision >>> 16}` }),
    ...(identity && identity.serial !== 0 && { sn: String(identity.serial) }),
  };
}

/** Ids of Home Assistant have letters, digits, `_` and `-`; what was another is told apart. */
function deviceId(text: string): string {
  const id = text.replace(/[^A-Za-z0-9_-]/g, '_');
  return /^[\w:/-]+$/.test(text) ? id : `${id}_${digest(text).slice(0, 4)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
