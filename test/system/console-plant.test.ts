import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TextOutput } from '../../src/console/output.ts';
import { Scope } from '../../src/kernel/index.ts';
import { demoIoc } from '../support/demo-ioc.ts';

const TERM_5 = 'Term 5 (EL3104)';

// What the console says of a plant is what its PVs say.
describe('the plant at the console', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = new Scope();
  });
  afterEach(() => scope[Symbol.asyncDispose]());

  it('tells of a terminal that is unplugged, and that it is back', async () => {
    const ioc = await demoIoc(scope);
    const says = (line: string, text: RegExp) =>
      vi.waitFor(
        async () => {
          const out = new TextOutput();
          await ioc.console.shell({ out, err: out }, scope.signal).run(line);
          expect(out.text).toMatch(text);
        },
        { timeout: 10_000, interval: 20 },
      );
    await says('faults', /T: Connected\n {2}no faults\n/);
    ioc.simulator.faults.unplug(TERM_5);
    await says('faults', /T: Degraded, Term 5 \(EL3104\) is not there/);
    await says('faults', /T:ETH1:RIO1:MOD\d+ +EL3104 +INIT.*link: not present/);
    await says('slaves *Term?5*', /EL3104 +INIT/);
    await says('tree T:ETH1:RIO1', /T:ETH1:RIO1 +EK1\d+/);
    ioc.simulator.faults.replug(TERM_5);
    await says('faults', /no faults/);
  });
});
