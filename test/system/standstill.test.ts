import { describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { shippedChain } from '../support/demo-ioc.ts';
import { figure, millisecondsUntil, seconds } from '../support/figures.ts';
import { ANALOGUE, SWITCH, watchedIoc } from '../support/watched-ioc.ts';

const TERM_5 = 'Term 5 (EL3104)';
const CHANNEL_2 = 'T:ETH1:RIO1:MOD2:AiStandardChannel2Value';

const config = (more: string) => `
prefix: T
simulate: { chain: ${shippedChain} }
update: { flush: 0.01 }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
${more}
`;
const quick = config('supervision: { toggle: 0.4 }');

async function standing(scope: Scope, text: string) {
  const ioc = await watchedIoc(scope, text);
  await millisecondsUntil(() => [ANALOGUE, CHANNEL_2, `${SWITCH}_RBV`].every(ioc.isGood));
  const cyclesPass = (count: number) => {
    const { counters } = ioc.simulator;
    const before = counters.cycles;
    return millisecondsUntil(() => counters.cycles > before + count);
  };
  // What never toggled would not count.
  await cyclesPass(100);
  const isOld = (name: string) =>
    ioc.severity(name) === Severity.invalid && ioc.status(name) === AlarmStatus.timeout;
  return { ...ioc, isOld, cyclesPass };
}

describe('a toggle that stands still', () => {
  it('turns the value of its channel INVALID with TIMEOUT, and of no other', async () => {
    await using scope = new Scope();
    const ioc = await standing(scope, config(''));
    const blinks = ioc.blinks([CHANNEL_2, `${SWITCH}_RBV`]);
    ioc.simulator.faults.freezeToggles(TERM_5, 'AI Standard Channel 1');
    const told = await millisecondsUntil(() => ioc.isOld(ANALOGUE));
    figure(7, 'toggle stands still: value INVALID after', seconds(told), '5 s and a look');
    expect(String(ioc.read(`${ANALOGUE}.AMSG`))).toContain('txpdo_toggle');
    await millisecondsUntil(() => ioc.read('T:IOC:Standstills') === 1);
    const line = 'T:ETH1:RIO1:MOD2:AiStandardChannel1TxpdoToggle stand still';
    expect(ioc.lines.some((text) => text.startsWith(line))).toBe(true);
    ioc.simulator.faults.thawToggles(TERM_5);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE));
    expect(blinks).toEqual([]);
    expect(ioc.counters.notificationsLost).toBe(0);
  }, 40_000);

  it('of all inputs of a slave turns all its values INVALID', async () => {
    await using scope = new Scope();
    const ioc = await standing(scope, quick);
    const blinks = ioc.blinks([`${SWITCH}_RBV`]);
    ioc.simulator.faults.freezeToggles(TERM_5, 'WcState.InputToggle');
    await millisecondsUntil(() => ioc.isOld(ANALOGUE) && ioc.isOld(CHANNEL_2));
    expect(String(ioc.read(`${ANALOGUE}.AMSG`))).toContain('input_toggle');
    ioc.simulator.faults.thawToggles(TERM_5);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(CHANNEL_2));
    expect(blinks).toEqual([]);
  });

  it('is told from one that is seen at every second step', async () => {
    await using scope = new Scope();
    // The plant's cycle is 10 ms: each sample sees the same.
    const ioc = await standing(scope, `${quick}notifications: { cycle: 0.02 }\n`);
    const blinks = ioc.blinks([ANALOGUE, CHANNEL_2]);
    await ioc.cyclesPass(200);
    expect(blinks).toEqual([]);
    expect(ioc.counters.notificationsLost).toBe(0);
    ioc.simulator.faults.freezeToggles(TERM_5);
    await millisecondsUntil(() => ioc.isOld(ANALOGUE));
    // Samples do not show that it goes on, reads do.
    ioc.simulator.faults.thawToggles(TERM_5);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE));
  });

  it('counts for a time of its own where a rule says so, and not at all with 0', async () => {
    await using scope = new Scope();
    const rules = `
values:
  - { match: '*:MOD2:AiStandardChannel1TxpdoToggle', toggle: 0.3 }
  - { match: '*:MOD2:*Toggle', toggle: 0 }
`;
    const ioc = await standing(scope, config(rules));
    const blinks = ioc.blinks([CHANNEL_2]);
    ioc.simulator.faults.freezeToggles(TERM_5);
    const told = await millisecondsUntil(() => ioc.isOld(ANALOGUE));
    await ioc.cyclesPass(600);
    expect(told).toBeGreaterThan(250);
    expect(blinks).toEqual([]);
  }, 40_000);
});
