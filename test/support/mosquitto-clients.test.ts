import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, mosquitto } from './broker.ts';
import { hasMosquittoClients, mosquittoPub, mosquittoSub } from './mosquitto-clients.ts';
import { eventually } from './soft-ioc.ts';

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('mosquitto_sub', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = new Scope();
  });
  afterEach(() => scope[Symbol.asyncDispose]());

  it('sees what mosquitto_pub says, and what the broker kept', async () => {
    const broker = await mosquitto(scope, 'allow_anonymous true');
    expect(await mosquittoPub(broker, 'a/b', '{"x": "1 % ü"}', ['-r', '-q', '1'])).toEqual({
      code: 0,
      complaints: '',
    });
    const { seen } = await mosquittoSub(scope, broker, ['a/#'], ['-q', '1']);
    await mosquittoPub(broker, 'a/c', '');
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen).toEqual([
      { topic: 'a/b', payload: '{"x": "1 % ü"}', qos: 1, retain: true },
      { topic: 'a/c', payload: '', qos: 0, retain: false },
    ]);
  });

  it('is subscribed when nothing was kept, too', async () => {
    const broker = await mosquitto(scope, 'allow_anonymous true');
    const sub = await mosquittoSub(scope, broker, ['a/#']);
    await mosquittoPub(broker, 'a/b', 'x');
    await eventually(() => expect(sub.on('a/b')).toEqual(['x']));
  });
});
