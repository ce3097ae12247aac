import { Subject } from 'rxjs';
import {
  type PlantNodes,
  type PvProfile,
  type PvProfileOptions,
  type ServedNodes,
  servePvProfile,
} from '../../../../src/bus/index.ts';
import { silentLog } from '../../../../src/kernel/index.ts';
import { Directory, type PvField, type PvValue } from '../../../../src/pv/index.ts';
import { Rig } from '../../../records/rig.ts';
import { FakeBusLink } from '../../../support/fake-bus-link.ts';

export const plain: PvProfileOptions = {
  prefix: 'epics/bl07',
  splitNames: true,
  ...{ payload: 'json', arrays: 'json' },
  ...{ include: [/^/], exclude: [], rules: [] },
  ...{ tick: 0.1, period: 1, heartbeat: 60, retain: true, qos: 0 },
  ...{ burst: 2000, maxBytes: 100_000 },
};

export const settable: NonNullable<PvProfileOptions['set']> = {
  ...{ allow: [/^/], user: 'mqtt', host: 'broker' },
  ...{ timeout: 5, maxAge: 10, maxPending: 2 },
};

/** Records with a `pv` profile on a link whose broker is the test. */
export class Station {
  readonly rig = new Rig();
  readonly directory = new Directory(this.rig.records);
  readonly link: FakeBusLink;
  readonly plants: ServedNodes[] = [];
  readonly nodesChanged = new Subject<void>();
  readonly profile: PvProfile;

  constructor(
    database: string,
    options: Partial<PvProfileOptions> = {},
    version: '3.1.1' | '5' = '3.1.1',
    plants: readonly ServedNodes[] = [],
  ) {
    this.link = new FakeBusLink(version);
    this.plants.push(...plants);
    this.rig.load(database);
    const nodes: PlantNodes = { plants: this.plants, changed$: this.nodesChanged };
    this.profile = servePvProfile(
      { ...plain, ...options },
      {
        ...{ link: this.link, directory: this.directory, nodes },
        ...{ log: silentLog, version: '1.2.3', reserved: ['te'], clock: this.rig.clock },
      },
    );
  }

  /** Connects, and lets the image leave. */
  connect(): this {
    this.link.connect();
    this.advance(0.1);
    return this;
  }

  advance(seconds: number): void {
    this.rig.clock.advance(seconds * 1000);
  }

  field(name: string): PvField {
    const field = this.directory.find(name);
    if (!field) throw new Error(`no ${name}`);
    return field;
  }

  put(name: string, value: PvValue): void {
    const origin = { user: 'operator', host: 'console' };
    void this.field(name).put(value, origin, new AbortController().signal);
    this.directory.flush();
  }

  /** Payloads of a PV's state so far, as JSON. */
  states(path: string): Record<string, unknown>[] {
    return this.link.on(`epics/bl07/${path}/state`).map((text) => JSON.parse(text));
  }

  json(topic: string): Record<string, unknown>[] {
    return this.link.on(`epics/bl07/${topic}`).map((text) => JSON.parse(text));
  }
}
