import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { read, readState } from '../../src/ads/index.ts';
import { serveControl } from '../../src/simulator/index.ts';
import { at, hex } from './support/peer.ts';
import { MASTER, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const io = at(SYSTEM, 300);
const EL3104 = 'Term 4 (EL3104)';

/** A script at the control port: sends lines as they are, gets the answers in order. */
async function scripted() {
  const setup = await serve();
  const control = await serveControl(setup.simulator, 0);
  const socket = connect(control.port, '127.0.0.1');
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    setup,
    async say(line: object | string) {
      socket.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
      return JSON.parse((await answers.next()).value ?? 'null');
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await control[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    },
  };
}

describe('the control port', () => {
  it('makes faults', async () => {
    await using script = await scripted();
    const { peer, simulator } = script.setup;
    expect(await script.say({ command: 'unplug', slave: EL3104 })).toEqual({ ok: true });
    const place = { group: 9, offset: 1004, length: 2 };
    const { bytes } = await peer.ask(at(MASTER, 65535), read, place);
    expect(hex(bytes)).toBe('01 01');
    await script.say({ command: 'config' });
    expect((await peer.ask(io, readState, undefined)).adsState).toBe(15);
    await script.say({ command: 'run' });
    expect(await script.say({ command: 'restart' })).toEqual({ ok: true });
    const again = await script.setup.connect();
    expect((await again.ask(io, readState, undefined)).adsState).toBe(5);
    expect(simulator.counters.connections).toBe(2);
  });

  it('tells and changes what the plant holds', async () => {
    await using script = await scripted();
    const symbol = 'Term 5 (EL4134).AO Output Channel 1.Analog output';
    await script.say({ command: 'write', symbol, value: -5 });
    expect(await script.say({ command: 'read', symbol })).toEqual({ ok: true, result: -5 });
    await script.say({ command: 'onlineChange' });
    expect(await script.say({ command: 'canary' })).toMatchObject({ result: { touched: 0 } });
    expect(await script.say({ command: 'counters' })).toMatchObject({ result: { open: 1 } });
    const added = await script.say({ command: 'addSlave', type: 'EL1014' });
    expect(added).toEqual({ ok: true, result: 'Term 6 (EL1014)' });
    const slaves = await script.say({ command: 'slaves' });
    expect(slaves.result).toHaveLength(6);
  });

  it('says what it does not understand, and what there is', async () => {
    await using script = await scripted();
    const unknown = await script.say({ command: 'explode' });
    expect(unknown).toMatchObject({ ok: false, error: 'no command "explode"' });
    expect(unknown.commands.unplug).toBe('slave');
    expect((await script.say({ command: 'help' })).result).toEqual(unknown.commands);
    const missing = await script.say({ command: 'unplug' });
    expect(missing).toEqual({ ok: false, error: '"slave" must be a text: it is missing' });
    const nobody = await script.say({ command: 'unplug', slave: 'Term 99' });
    expect(nobody.error).toContain('"Term 99"');
    expect(await script.say('{ broken')).toMatchObject({ ok: false });
    expect(await script.say('[1]')).toMatchObject({ ok: false });
    expect(await script.say({ command: 'delay', ms: 'long' })).toMatchObject({ ok: false });
  });

  it('obeys lines of one chunk in their order', async () => {
    await using script = await scripted();
    const lines = [
      { command: 'slaveState', slave: EL3104, state: 4 },
      { command: 'slaveLink', slave: EL3104, link: 4 },
      { command: 'counters' },
    ].map((line) => JSON.stringify(line));
    expect(await script.say(lines.join('\n'))).toEqual({ ok: true });
    const place = { group: 9, offset: 1004, length: 2 };
    const { bytes } = await script.setup.peer.ask(at(MASTER, 65535), read, place);
    expect(hex(bytes)).toBe('04 04');
  });
});
