import { join } from 'node:path';
import tca from 'epics-tca';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { expected, type ValueFact } from '../support/dbr-facts.ts';
import { repository } from '../support/demo-ioc.ts';
import { facts } from '../support/every-record-type.ts';
import { freeUdpPort, softProcess } from '../support/soft-process.ts';

const { Context, type_log_levels } = tca;

const SECONDS = 5;
/** One element and no more: rows were never put to here. */
const scalars = Object.entries(facts).filter(([, { maxCount }]) => maxCount === 1);
/** Plain, STS, TIME, GR and CTRL types. */
const types = Array.from({ length: 35 }, (_, type) => type);

describe('epics-tca reads as every DBR type', () => {
  let scope: Scope;
  let context: InstanceType<typeof Context>;

  beforeAll(async () => {
    scope = new Scope();
    const { port } = await softProcess(scope, join(repository, 'test/data/every-record-type.db'));
    const environment = {
      EPICS_CA_ADDR_LIST: '127.0.0.1',
      EPICS_CA_SERVER_PORT: String(port),
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      EPICS_CA_REPEATER_PORT: String(await freeUdpPort()),
      EPICS_PVA_BROADCAST_PORT: String(await freeUdpPort()),
    };
    context = new Context(environment, type_log_levels.fatal);
    await context.initialize();
    scope.defer(() => context.destroyHard());
  }, 30_000);

  afterAll(() => scope[Symbol.asyncDispose]());

  it.each(scalars)('%s', async (name, fact) => {
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
    value: plain(values[0], type % 7),
    ...(stat === undefined ? {} : { status: stat, severity }),
    ...(units === undefined ? {} : { units }),
    ...(precision === undefined ? {} : { precision }),
  };
}

/** This client takes DBR_ENUM and DBR_CHAR for numbers with a sign, and has no NaN and no infinity. */
function plain(value: unknown, base: number): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (base === 3) return (Number(value) << 16) >> 16;
  return base === 4 ? (Number(value) << 24) >> 24 : value;
}
