import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bridge, type BridgeOptions, openBusLink } from '../../../src/bus/index.ts';
import { type Log, Scope, silentLog } from '../../../src/kernel/index.ts';
import { type Broker, hasMosquitto, mosquitto } from '../../support/broker.ts';
import { embeddedBroker } from '../../support/embedded-broker.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
} from '../../support/mosquitto-clients.ts';
import { logInto } from '../../support/watched-ioc.ts';

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5000, interval: 5 });

const both = {
  topics: ['#'],
  direction: 'both',
  qos: 1,
  local: 'te/',
  remote: 'site/te/',
} as const;
const plain = { name: 'test', rules: [both], isPrivate: { local: true, remote: true } };

/** A bridge between two brokers, with both links up. */
async function bridged(
  scope: Scope,
  local: Broker,
  remote: Broker,
  options: Partial<BridgeOptions> = {},
  log: Log = silentLog,
) {
  const given: BridgeOptions = { ...plain, ...options };
  const linkTo = ({ url }: Broker, clientId: string, isBridge: boolean) =>
    scope.use(openBusLink({ url, clientId, isBridge, log: silentLog }, scope.signal));
  const ends = {
    local: linkTo(local, 'bridge-local', given.isPrivate.local),
    remote: linkTo(remote, 'bridge-remote', given.isPrivate.remote),
  };
  const bridge = scope.use(new Bridge(given, { ...ends, log }));
  for (const link of [ends.local, ends.remote]) link.start();
  await until(() => ends.local.isConnected && ends.remote.isConnected);
  return bridge;
}

const kinds = {
  mosquitto: async (scope: Scope): Promise<Broker> => mosquitto(scope, 'allow_anonymous true'),
  embedded: async (scope: Scope): Promise<Broker> => {
    const { url, port } = await embeddedBroker(scope);
    return { url, port };
  },
};

describe.skipIf(!hasMosquitto || !hasMosquittoClients).each([
  ['mosquitto', 'mosquitto'],
  ['mosquitto', 'embedded'],
  ['embedded', 'mosquitto'],
] as const)('a bridge from %s to %s', (here, there) => {
  let scope: Scope;
  let local: Broker;
  let remote: Broker;

  beforeEach(async () => {
    scope = new Scope();
    local = await kinds[here](scope);
    remote = await kinds[there](scope);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('carries both ways what its rule names, with other prefixes', async () => {
    const { counters } = await bridged(scope, local, remote);
    const [inside, outside] = [
      await mosquittoSub(scope, local, ['#'], ['-q', '1']),
      await mosquittoSub(scope, remote, ['#'], ['-q', '1']),
    ];
    await mosquittoPub(local, 'te/a/m', 'up', ['-q', '1']);
    await mosquittoPub(local, 'other/a', 'mine', ['-q', '1']);
    await mosquittoPub(remote, 'site/te/a/cmd', 'down', ['-q', '2']);
    await mosquittoPub(remote, 'te/a', 'theirs', ['-q', '1']);
    await until(() => inside.seen.length === 3 && outside.seen.length === 3);
    expect(outside.on('site/te/a/m')).toEqual(['up']);
    expect(inside.on('te/a/cmd')).toEqual(['down']);
    expect(counters).toEqual({ in: 1, out: 1, tooLarge: 0, echoes: 0 });
  });

  it('does not carry back what it brought', async () => {
    const { counters } = await bridged(scope, local, remote);
    const outside = await mosquittoSub(scope, remote, ['#'], ['-q', '1']);
    for (const text of ['1', '2', '3']) await mosquittoPub(local, 'te/a', text, ['-q', '1']);
    await mosquittoPub(remote, 'site/te/end', 'x', ['-q', '1']);
    await until(() => counters.in === 1 && outside.seen.length === 4);
    expect(counters).toMatchObject({ in: 1, out: 3 });
  });

  it('keeps there what is kept here, when it is new and when it was there before', async () => {
    await mosquittoPub(local, 'te/old', 'kept', ['-r', '-q', '1']);
    const { counters } = await bridged(scope, local, remote);
    await mosquittoPub(local, 'te/new', 'kept', ['-r', '-q', '1']);
    await mosquittoPub(local, 'te/said', 'once', ['-q', '1']);
    await mosquittoPub(local, 'te/gone', 'kept', ['-r', '-q', '1']);
    await mosquittoPub(local, 'te/gone', '', ['-r', '-q', '1']);
    await mosquittoPub(local, 'te/end', 'kept', ['-r', '-q', '1']);
    await until(() => counters.out >= 6);
    const ending = await mosquittoSub(scope, remote, ['site/te/end']);
    await until(() => ending.seen.length > 0);
    const late = await mosquittoSub(scope, remote, ['site/te/#'], ['-q', '1']);
    await until(() => late.on('site/te/end').length === 1);
    expect(late.seen.map(({ topic }) => topic).sort()).toEqual([
      ...['site/te/end', 'site/te/new', 'site/te/old'],
    ]);
    expect(late.seen.every(({ retain }) => retain)).toBe(true);
  });

  it('drops what is too long for the other side, counts it, and says so once', async () => {
    const lines: string[] = [];
    // Fixed header 2, length of the topic 2, topic 9, packet identifier 2: 85 are left.
    const options = { maxPacket: 100 };
    const { counters } = await bridged(scope, local, remote, options, logInto(lines));
    const outside = await mosquittoSub(scope, remote, ['#'], ['-q', '1']);
    for (const length of [86, 87, 85]) {
      await mosquittoPub(local, 'te/a', 'x'.repeat(length), ['-q', '1']);
    }
    await until(() => outside.seen.length === 1);
    expect(outside.seen[0]?.payload).toHaveLength(85);
    expect(counters).toMatchObject({ out: 1, tooLarge: 2 });
    const told = lines.filter((line) => line.includes('86 bytes on site/te/a is dropped'));
    expect(told).toHaveLength(1);
  });

  it('carries only the way that it is told, by the first rule that has a topic', async () => {
    const rules = [
      { ...both, topics: ['a/#'], direction: 'out', qos: 0 },
      { ...both, topics: ['#'], direction: 'out', remote: 'rest/' },
      { ...both, topics: ['+/cmd'], direction: 'in' },
    ] as const;
    await bridged(scope, local, remote, { rules });
    const [inside, outside] = [
      await mosquittoSub(scope, local, ['#'], ['-q', '1']),
      await mosquittoSub(scope, remote, ['#'], ['-q', '1']),
    ];
    await mosquittoPub(local, 'te/a/m', 'first', ['-q', '1']);
    await mosquittoPub(local, 'te/b/m', 'second', ['-q', '1']);
    await mosquittoPub(remote, 'site/te/a/m', 'no', ['-q', '1']);
    await mosquittoPub(remote, 'site/te/a/cmd', 'yes', ['-q', '1']);
    await vi.waitFor(
      () => {
        expect(inside.seen).toHaveLength(3);
        expect(outside.seen).toHaveLength(4);
      },
      { timeout: 3000 },
    );
    expect(inside.on('te/a/m')).toEqual(['first']);
    expect(outside.seen.slice(0, 4)).toContainEqual({
      ...{ topic: 'site/te/a/m', payload: 'first', qos: 0, retain: false },
    });
    expect(outside.on('rest/b/m')).toEqual(['second']);
    expect(outside.on('rest/a/m')).toEqual([]);
  });

  it('knows its own messages where a broker does not know bridges', async () => {
    const isPrivate = { local: false, remote: false };
    const { counters } = await bridged(scope, local, remote, { isPrivate });
    const [inside, outside] = [
      await mosquittoSub(scope, local, ['#'], ['-q', '1']),
      await mosquittoSub(scope, remote, ['#'], ['-q', '1']),
    ];
    await mosquittoPub(local, 'te/a', 'same', ['-q', '1']);
    await mosquittoPub(local, 'te/a', 'same', ['-q', '1']);
    await mosquittoPub(remote, 'site/te/b', 'same', ['-q', '1']);
    await until(() => counters.echoes === 3);
    await until(() => outside.on('site/te/b').length > 0 && inside.on('te/a').length > 1);
    expect(counters).toMatchObject({ in: 1, out: 2 });
    expect(inside.on('te/a')).toEqual(['same', 'same']);
    expect(outside.on('site/te/b')).toEqual(['same']);
  });
});
