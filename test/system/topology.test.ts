import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { alarm, demoConfig, reads, repository, shippedChain } from '../support/demo-ioc.ts';
import { millisecondsUntil } from '../support/figures.ts';
import { watchedIoc } from '../support/watched-ioc.ts';

const junctions = join(repository, 'config/chains/junctions.yaml');
const config = demoConfig.replace(shippedChain, junctions);
const segment = 'T:ETH1:FaultySegment';

describe('a bus that branches', () => {
  let scope: Scope;
  let ioc: Awaited<ReturnType<typeof watchedIoc>>;

  beforeEach(async () => {
    scope = new Scope();
    ioc = await watchedIoc(scope, config);
    await reads(ioc, segment, 'none');
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('has the slave and port that each slave is plugged into', async () => {
    await reads(ioc, 'T:ETH1:RIO4:ParentSlave', 'Term 3 (EK1122)');
    await reads(ioc, 'T:ETH1:RIO4:ParentAddress', 1003);
    await reads(ioc, 'T:ETH1:RIO4:ParentPort', 2);
    await reads(ioc, 'T:ETH1:RIO5:ParentSlave', 'Term 1 (EK1100)');
    await reads(ioc, 'T:ETH1:RIO1:ParentSlave', 'master');
  });

  it('names the cable behind a junction whose errors rise', async () => {
    const { faults } = ioc.simulator;
    // As a bad cable does it: errors where the frame comes in, and on its way back to the junction.
    faults.addCrcErrors('Term 3 (EK1122)', 2, 5);
    faults.addCrcErrors('Term 7 (EK1100)', 0, 5);
    await reads(ioc, segment, 'between port C of Term 3 (EK1122) and port A of Term 7 (EK1100)');
    await reads(ioc, 'T:ETH1:FirstFaultySlave', 1007);
    await reads(ioc, 'T:ETH1:FirstFaultyPort', 1);
  });

  it('names the coupler that the next one is plugged into, not the last terminal before it', async () => {
    ioc.simulator.faults.addCrcErrors('Term 9 (EK1100)', 0, 1);
    await reads(ioc, segment, 'between port C of Term 1 (EK1100) and port A of Term 9 (EK1100)');
  });

  it('that loses a branch tells where, and keeps the values of the others', async () => {
    const output = 'T:ETH1:RIO3:MOD1:Channel1';
    const behind = 'T:ETH1:RIO4:MOD1:AiStandardChannel1Value';
    const beside = [`${output}_RBV`, 'T:ETH1:RIO1:MOD1:Channel1', 'T:ETH1:RIO5:MOD1:StateMachine'];
    await millisecondsUntil(() => [behind, ...beside].every(ioc.isGood));
    const blinks = ioc.blinks(beside);
    ioc.simulator.faults.cutCable('Term 7 (EK1100)');
    await millisecondsUntil(() => ioc.isInvalid(behind));
    await reads(
      ioc,
      'T:ETH1:LinkFaults',
      'Term 3 (EK1122): missing link, port C; Term 7 (EK1100): not present; Term 8 (EL3104): not present',
    );
    ioc.simulator.faults.mendCable('Term 7 (EK1100)');
    await millisecondsUntil(() => ioc.isGood(behind));
    expect(blinks).toEqual([]);
    // Registers are read at every tenth poll.
    await reads(
      ioc,
      segment,
      'between port C of Term 3 (EK1122) and port A of Term 7 (EK1100), link lost',
    );
    await reads(ioc, 'T:ETH1:RIO1:MOD2:LostLinkPortC', 1);
    await alarm(ioc, 'T:ETH1:LostLinkRate', [0, 0]);
  });
});
