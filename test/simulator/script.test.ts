import { describe, expect, it } from 'vitest';
import { read } from '../../src/ads/index.ts';
import type { ScriptedFault } from '../../src/model/index.ts';
import { overheard } from '../support/overheard.ts';
import { at, hex } from './support/peer.ts';
import { chain, MASTER } from './support/plant.ts';
import { type Setup, serve } from './support/serve.ts';

const slave = 'Term 4 (EL3104)';
const given = { slave };
const symbol = 'Term 5 (EL4134).AO Output Channel 1.Analog output';

function scripted(...script: readonly ScriptedFault[]) {
  const { log, text } = overheard();
  return { serving: serve({ ...chain, script }, { log }), text };
}

/** State and link byte of the EL3104. */
async function stateOf({ peer }: Setup): Promise<string> {
  const place = { group: 9, offset: 1004, length: 2 };
  return hex((await peer.ask(at(MASTER, 65535), read, place)).bytes);
}

function times(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('the script of a chain', () => {
  it('makes each fault at its time, once, and says so', async () => {
    const { serving, text } = scripted(
      { at: 5, command: 'replug', given },
      { at: 2, command: 'unplug', given },
    );
    await using setup = await serving;
    setup.clock.advance(1999);
    expect(await stateOf(setup)).toBe('08 00');
    expect(text()).not.toContain('script:');
    setup.clock.advance(1);
    expect(await stateOf(setup)).toBe('01 01');
    setup.clock.advance(3000);
    expect(await stateOf(setup)).toBe('08 00');
    setup.clock.advance(60_000);
    expect(times(text(), 'script: unplug')).toBe(1);
    expect(times(text(), 'script: replug')).toBe(1);
    expect(text()).toContain(slave);
  });

  it('repeats what is to be repeated', async () => {
    const { serving, text } = scripted(
      { at: 1, repeat: 10, command: 'unplug', given },
      { at: 2.5, repeat: 10, command: 'replug', given },
    );
    await using setup = await serving;
    setup.clock.advance(2000);
    expect(await stateOf(setup)).toBe('01 01');
    setup.clock.advance(1000);
    expect(await stateOf(setup)).toBe('08 00');
    setup.clock.advance(8000);
    expect(await stateOf(setup)).toBe('01 01');
    setup.clock.advance(10_000);
    expect(times(text(), 'script: unplug')).toBe(3);
  });

  it('keeps the order of the file at one time, and makes up for no missed repeats', async () => {
    const { serving, text } = scripted(
      { at: 0, repeat: 1, command: 'write', given: { symbol, value: 1 } },
      { at: 0, repeat: 1, command: 'write', given: { symbol, value: 2 } },
    );
    await using setup = await serving;
    setup.clock.advance(0);
    expect(setup.simulator.read(symbol)).toBe(2);
    setup.clock.stall(10_500);
    setup.clock.advance(0);
    expect(times(text(), 'script: write')).toBe(4);
    setup.clock.advance(500);
    expect(times(text(), 'script: write')).toBe(6);
  });

  it('goes on after a fault that cannot be made, and says why', async () => {
    const { serving, text } = scripted(
      { at: 1, command: 'unplug', given: { slave: 'Term 99' } },
      { at: 1, command: 'unplug', given },
    );
    await using setup = await serving;
    setup.clock.advance(1000);
    expect(await stateOf(setup)).toBe('01 01');
    expect(text()).toContain('script: unplug failed: The simulated plant has no slave');
  });

  it('ends with the simulator', async () => {
    const { serving, text } = scripted({ at: 1, repeat: 1, command: 'unplug', given });
    const setup = await serving;
    await setup[Symbol.asyncDispose]();
    setup.clock.advance(5000);
    expect(text()).not.toContain('script:');
  });

  it('waits for longer than a timer can', async () => {
    const { serving, text } = scripted({ at: 200_000, command: 'unplug', given });
    await using setup = await serving;
    setup.clock.stall(199_999_000);
    setup.clock.advance(0);
    expect(text()).not.toContain('script:');
    setup.clock.advance(1000);
    expect(times(text(), 'script: unplug')).toBe(1);
  });

  it('is refused with a command that there is not', async () => {
    const { serving } = scripted(
      { at: 1, command: 'unplug', given },
      { at: 5, command: 'explode', given },
    );
    await expect(serving).rejects.toMatchObject({
      code: 'simulator/script',
      message: expect.stringMatching(/^Simulate with script\[1\] \(at 5 s\): no command "explode"/),
    });
  });
});
