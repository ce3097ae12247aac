import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bridge, type BridgeOptions, openBusLink } from '../../../src/bus/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { hasMosquitto, type Mosquitto, mosquitto } from '../../support/broker.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
} from '../../support/mosquitto-clients.ts';

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 15_000, interval: 5 });

const options: BridgeOptions = {
  name: 'test',
  rules: [{ topics: ['#'], direction: 'both', qos: 1, local: 'te/', remote: 'site/te/' }],
  isPrivate: { local: true, remote: true },
};

describe.skipIf(!hasMosquitto || !hasMosquittoClients).each(['3.1.1', '5'] as const)(
  'a bridge over MQTT %s whose other broker goes',
  (version) => {
    let scope: Scope;
    let local: Mosquitto;
    let remote: Mosquitto;
    let bridge: Bridge;
    let isThere: () => boolean;

    beforeEach(async () => {
      scope = new Scope();
      local = await mosquitto(scope, 'allow_anonymous true');
      remote = await mosquitto(
        scope,
        'allow_anonymous true\npersistence true\npersistence_location $DIR/',
      );
      const linkTo = ({ url }: Mosquitto, clientId: string) =>
        scope.use(
          openBusLink({ url, clientId, version, isBridge: true, log: silentLog }, scope.signal),
        );
      const ends = { local: linkTo(local, 'here'), remote: linkTo(remote, 'there') };
      bridge = scope.use(new Bridge(options, { ...ends, log: silentLog }));
      for (const link of [ends.local, ends.remote]) link.start();
      isThere = () => ends.remote.isConnected;
      await until(() => ends.local.isConnected && isThere());
    });

    afterEach(() => scope[Symbol.asyncDispose]());

    it('says what is retained as such, and carries nothing back', async () => {
      await mosquittoPub(local, 'te/a', 'kept', ['-r', '-q', '1']);
      await until(() => bridge.counters.out === 1);
      const late = await mosquittoSub(scope, remote, ['site/te/#'], ['-q', '1']);
      await until(() => late.seen.length === 1);
      expect(late.seen[0]).toMatchObject({ payload: 'kept', retain: true });
      await mosquittoPub(remote, 'site/te/b', 'x', ['-q', '1']);
      await until(() => bridge.counters.in === 1);
      expect(bridge.counters).toEqual({ in: 1, out: 1, tooLarge: 0, echoes: 0 });
    });

    it('keeps what is said meanwhile, in order, and brings it when it is back', async () => {
      const session = ['-i', 'reader', '-c', '-q', '1'];
      await (await mosquittoSub(scope, remote, ['site/te/#'], session)).stop();
      await remote.stop('SIGTERM');
      await until(() => !isThere());
      for (const text of ['1', '2', '3']) await mosquittoPub(local, 'te/a', text, ['-q', '1']);
      await until(() => bridge.counters.out === 3);
      await remote.start();
      const reader = await mosquittoSub(scope, remote, ['site/te/#'], session);
      await until(() => reader.seen.length >= 3);
      expect(reader.on('site/te/a')).toEqual(['1', '2', '3']);
    });

    it('gives it again what is retained when it has forgotten all', async () => {
      await mosquittoPub(local, 'te/old', 'kept', ['-r', '-q', '1']);
      await until(() => bridge.counters.out === 1);
      await remote.stop('SIGKILL');
      await until(() => !isThere());
      await remote.start();
      await until(isThere);
      const sub = await mosquittoSub(scope, remote, ['site/te/#'], ['-q', '1']);
      await until(() => sub.on('site/te/old').includes('kept'));
      // And hears of it again.
      await mosquittoPub(remote, 'site/te/cmd', 'x', ['-q', '1']);
      await until(() => bridge.counters.in === 1);
    });
  },
);
