import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { alarm, demoIoc, field, put, reads } from '../support/demo-ioc.ts';

describe('an IOC that is asked what is wrong with its bus', () => {
  let scope: Scope;
  let ioc: Awaited<ReturnType<typeof demoIoc>>;
  let slaves: readonly { readonly name: string; readonly address: number }[];

  beforeEach(async () => {
    scope = new Scope();
    ioc = await demoIoc(scope);
    slaves = ioc.simulator.chain.devices[0]?.slaves ?? [];
    // Counters rise above what they were at the first look.
    for (const name of ['FirstFaultySlave', 'FirstFaultyPort', 'FaultySegment']) {
      await alarm(ioc, `T:ETH1:${name}`, [AlarmStatus.noAlarm, Severity.noAlarm]);
    }
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('names the first slave with new CRC errors, its port and the cable', async () => {
    const [before, faulty, later] = slaves.slice(4, 7);
    ioc.simulator.faults.addCrcErrors(later?.name ?? '', 0, 9);
    await reads(ioc, 'T:ETH1:FirstFaultySlave', later?.address ?? 0);
    ioc.simulator.faults.addCrcErrors(faulty?.name ?? '', 0, 3);
    await reads(ioc, 'T:ETH1:FirstFaultySlave', faulty?.address ?? 0);
    await reads(ioc, 'T:ETH1:FirstFaultyPort', 1);
    await reads(
      ioc,
      'T:ETH1:FaultySegment',
      `between port B of ${before?.name} and port A of ${faulty?.name}`,
    );
  });

  it('counts and names what is out of the cycle', async () => {
    await reads(ioc, 'T:ETH1:WcStateHealth', 'good');
    const gone = slaves.findLast(({ name }) => name.includes('EL3104'))?.name ?? '';
    ioc.simulator.faults.unplug(gone);
    await reads(ioc, 'T:ETH1:SlavesNotOp', 1);
    await reads(ioc, 'T:ETH1:WcStateFaults', 1);
    await reads(ioc, 'T:ETH1:WcStateHealth', gone);
    ioc.simulator.faults.replug(gone);
    await reads(ioc, 'T:ETH1:WcStateHealth', 'good');
    await reads(ioc, 'T:ETH1:LinkFaults', 'good');
  });

  it('resets counters of one slave, and of all', async () => {
    const [, coupler, second] = slaves;
    ioc.simulator.faults.addCrcErrors(coupler?.name ?? '', 0, 5);
    ioc.simulator.faults.addCrcErrors(second?.name ?? '', 1, 6);
    await reads(ioc, 'T:ETH1:RIO1:CrcErrorSum', 5);
    expect(await put(ioc, 'T:ETH1:RIO1:ResetCrcCounters', 1)).toEqual({ kind: 'done' });
    await reads(ioc, 'T:ETH1:RIO1:CrcErrorSum', 0);
    const other = await field(ioc, 'T:ETH1:RIO1:MOD1:CrcErrorSum');
    expect(other.read()).toBe(6);
    expect(await put(ioc, 'T:ETH1:ResetCrcCounters', 1)).toEqual({ kind: 'done' });
    await reads(ioc, 'T:ETH1:RIO1:MOD1:CrcErrorSum', 0);
  });

  it('takes the master to a state and back, and nothing for a 0', async () => {
    expect(await put(ioc, 'T:ETH1:RequestState', 'PREOP')).toEqual({ kind: 'done' });
    await reads(ioc, 'T:ETH1:MasterState', 2);
    expect(await put(ioc, 'T:ETH1:RequestState', 'none')).toEqual({ kind: 'done' });
    expect(await put(ioc, 'T:ETH1:RequestState', 'OP')).toEqual({ kind: 'done' });
    await reads(ioc, 'T:ETH1:MasterState', 5);
    await reads(ioc, 'T:ETH1:SlavesNotOp', 0);
  });
});
