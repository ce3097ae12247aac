import { EMPTY } from 'rxjs';
import {
  keepEntities,
  type MqttBusLink,
  openBusLink,
  type PlantNode,
  type ServedThinEdge,
  serveThinEdge,
  type ThinEdgeOptions,
} from '../../src/bus/index.ts';
import { Scope, silentLog, systemClock, turnClock } from '../../src/kernel/index.ts';
import { type Block, f32, i32, ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { stopwatch } from '../support/cost.ts';
import { offer } from '../support/offer.ts';

// Terminals of analogue inputs that this moves, served on the bus or not at all.

const TERMINALS = 1000;
const CHANNELS = 20;
const COUNT = TERMINALS * CHANNELS;
/** Batches in a second; each changes its part of the terminals. */
const PARTS = 10;

const policy: ThinEdgeOptions['measurements']['defaults']['io'] = {
  enabled: true,
  period: 1,
  mode: 'onchange',
  heartbeat: 60,
  deadband: 'mdel',
  minInterval: 0.1,
  burst: 1,
  maxBytes: 4096,
  timeSource: 'ads',
  qos: 0,
};
const told: Omit<ThinEdgeOptions, 'entities'> = {
  measurements: {
    defaults: { io: policy, diag: policy, coe: policy, runtime: policy },
    ...{ groups: [], attributes: [], rate: 5000, burst: 5000 },
  },
  alarms: {
    ...{ enabled: true, records: true, onDelay: 0.5, offDelay: 1, eventInterval: 60 },
    ...{ minorRate: 1, majorRate: 10, quiet: 60 },
    severities: { minor: 'minor', major: 'major', invalid: 'critical' },
  },
  ...{ acceptTimeout: 2, acceptDelay: 0.05, c8yHardware: false, runtime: [] },
};

const image = new ProcessImage();
const records = new RecordTable(image, turnClock(systemClock));
const directory = new Directory(records);
const bytes = new Uint8Array(4 * COUNT);
const blocks = Array.from({ length: TERMINALS }, () => image.addBlock(4 * CHANNELS));
const nodes = nodesAndRecords();
const scope = new Scope();
let profile: ServedThinEdge | undefined;
let link: MqttBusLink | undefined;

const operations = {
  /** Serves the terminals on the bus; resolves when all of them were told once. */
  async serve({ url }: { readonly url: string }) {
    const rules = { root: 'te', role: 'child', topology: 'flat', ioc: 'B' } as const;
    const plants = [{ name: 'B', prefix: 'B', nodes, link: { isUp: true, text: '' } }];
    const entities = keepEntities({ plants, changed$: EMPTY }, rules, scope);
    link = openBusLink({ url, clientId: 'bench-te', log: silentLog }, scope.signal);
    const options: ThinEdgeOptions = { entities: rules, ...told };
    profile = serveThinEdge(
      options,
      {
        ...{ directory, nodes: { plants, changed$: EMPTY }, entities, link },
        ...{ clock: systemClock, log: silentLog, lastChangePv: () => 'none' },
        twin: { directory, prefix: 'B', ioc: { version: '1', endpoints: {} }, c8yHardware: false },
      },
      scope,
    );
    const began = performance.now();
    link.start();
    change(0, TERMINALS);
    while (profile.counters.messages < TERMINALS) await pause(10);
    return performance.now() - began;
  },

  /** Every value changes once a second, a tenth of the terminals at a time. */
  async move({ seconds }: { readonly seconds: number }) {
    const before = profile?.counters.messages ?? 0;
    const cost = stopwatch();
    const began = performance.now();
    for (let i = 0; i < seconds * PARTS; i++) {
      const from = (i % PARTS) * (TERMINALS / PARTS);
      change(from, from + TERMINALS / PARTS);
      await pause(began + ((i + 1) * 1000) / PARTS - performance.now());
    }
    const messages = (profile?.counters.messages ?? 0) - before;
    return { ...cost(seconds * COUNT), messages, dropped: profile?.counters.dropped ?? 0 };
  },
};

export type ThinEdgeProcess = typeof operations;
offer(operations);

let batch = 0;

/** Values of some terminals change in one batch. */
function change(from: number, to: number): void {
  batch++;
  const view = new DataView(bytes.buffer);
  for (let i = from * CHANNELS; i < to * CHANNELS; i++) view.setInt32(4 * i, i + batch, true);
  for (const [terminal, block] of blocks.entries()) {
    if (terminal < from || terminal >= to) continue;
    image.apply(block, bytes, 4 * CHANNELS * terminal, 4 * CHANNELS, batch, 0);
  }
  directory.flush();
}

function nodesAndRecords(): readonly PlantNode[] {
  const node = (path: string, kind: PlantNode['kind'], attributes: PlantNode['attributes']) => ({
    ...{ path, kind, attributes, type: kind, name: path, id: 0, node: 0, position: 0 },
    ...{ description: kind, parent: path.includes(':') ? 'B' : undefined },
  });
  return [
    node('B', 'server', []),
    ...Array.from({ length: TERMINALS }, (_, t) => {
      const path = `B:MOD${t}`;
      return node(
        path,
        'terminal',
        Array.from({ length: CHANNELS }, (__, c) => channel(path, blocks[t] as Block, c)),
      );
    }),
  ];
}

/** An analogue input and its record. */
function channel(path: string, block: Block, index: number): PlantNode['attributes'][number] {
  const number = index + 1;
  const value = `${path}:AiChannel${number}Value`;
  const place = { block, byte: 4 * index, bit: 0, datatype: i32 };
  const fields = { EGU: 'V', PREC: 3, LINR: 'SLOPE', ESLO: 0.001 };
  records.add({ name: value, type: 'ai', role: 'input', place, fields });
  const name = `ai_channel_${number}_value`;
  const rest = { description: name, datatype: f32, access: 'r', source: undefined } as const;
  return { attribute: { name, ...rest }, value, setpoint: undefined };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
