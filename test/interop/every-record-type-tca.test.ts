import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tca from 'epics-tca';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { SoftIoc } from '../../src/soft-ioc.ts';
import { expected, type ValueFact } from '../support/dbr-facts.ts';
import { repository } from '../support/demo-ioc.ts';
import { facts } from '../support/every-record-type.ts';

const { Context, type_log_levels } = tca;

const SECONDS = 5;
/** What was never put to has no elements yet. */
const filled = Object.entries(facts).filter(
  ([name]) => !name.includes(':') || name.startsWith('ai'),
);
/** Plain, STS, TIME, GR and CTRL types. */
const types = Array.from({ length: 35 }, (_, type) => type);

describe('epics-tca reads as every DBR type', () => {
  let scope: Scope;
  let context: InstanceType<typeof Context>;

  beforeAll(async () => {
    scope = new Scope();
    const beacons = { auto: false, addresses: [] };
    const ca = { port: 0, interfaces: ['127.0.0.1'], beacons };
    const ioc = scope.use(new SoftIoc({ log: silentLog, env: {}, ca }, scope.signal));
    const database = readFileSync(join(repository, 'test/data/every-record-type.db'), 'utf8');
    ioc.bare.records.loader.loadText('test.db', database);
    await ioc.bare.init();
    const environment = {
      EPICS_CA_ADDR_LIST: '127.0.0.1',
      EPICS_CA_SERVER_PORT: String(ioc.ca?.udpPort),
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      EPICS_CA_REPEATER_PORT: String(await freeUdpPort()),
      EPICS_PVA_BROADCAST_PORT: String(await freeUdpPort()),
    };
    context = new Context(environment, type_log_levels.fatal);
    await context.initialize();
    scope.defer(() => context.destroyHard());
  }, 30_000);

  afterAll(() => scope[Symbol.asyncDispose]());

  it.each(filled.filter(([name]) => name !== 'aai' && name !== 'aao'))('%s', async (name, fact) => {
    const channel = await context.createChannel(name, 'ca', SECONDS);
    if (!channel) throw new Error(`${name} did not connect`);
    expect([channel.getDbrType(), channel.getValueCount()]).toEqual([fact.native, fact.maxCount]);
    for (const type of types) {
      const wanted = told(fact, type);
      if (wanted === undefined) continue;
      const got = await channel.get(SECONDS, type);
      expect(got, `${name} as DBR type ${type}`).toMatchObject(wanted);
    }
  });
});

/** What of a fact this client tells: a value, alarm, units and states by its own names. */
function told(fact: ValueFact, type: number): object | undefined {
  const all = expected(fact, type) as Record<string, unknown>;
  const { values, stat, severity, units, precision } = all;
  if (!Array.isArray(values)) return undefined;
  return {
    value: signed(values[0], type % 7),
    ...(stat === undefined ? {} : { status: stat, severity }),
    ...(units === undefined ? {} : { units }),
    ...(precision === undefined ? {} : { precision }),
  };
}

/** This client takes DBR_ENUM and DBR_CHAR for numbers with a sign. */
function signed(value: unknown, base: number): unknown {
  if (base === 3) return (Number(value) << 16) >> 16;
  return base === 4 ? (Number(value) << 24) >> 24 : value;
}

/** A port that nobody has now: the client wants its own for repeater and PVA beacons. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
