import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../ads/manual-clock.ts';
import { CountedCalls, diskError } from './failing-calls.ts';
import { type SavedIoc, SaveFolder, until } from './saved-ioc.ts';

let folder: SaveFolder;
let clock: ManualClock;
beforeEach(() => {
  folder = new SaveFolder();
  folder.write('a.req', 'X:a');
  clock = new ManualClock();
});
afterEach(() => folder[Symbol.dispose]());

const one = 'record(ao,X:a) {} record(ao,X:go) {}';

/** Lets seconds pass, one look after the other. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await until(() => clock.timers > 0);
    clock.advance(1000);
    await until(() => clock.timers > 0);
  }
}

const firstOf = (name: string) => folder.values(name)[0];
const status = (ioc: SavedIoc, ...names: string[]) => names.map((name) => ioc.get(`S:SR_${name}`));

describe('autosave', () => {
  it('saves a monitored set when something changed, once a period', async () => {
    const calls = new CountedCalls();
    const ioc = folder.ioc(one, {}, { clock, calls });
    await using autosave = ioc.autosave;
    autosave.addSet({ request: 'a.req', method: { kind: 'monitored', period: 5 } });
    autosave.start();
    await ioc.put('X:a', 1);
    await pass(4);
    expect(folder.names()).toEqual(['a.req']);
    await pass(1);
    expect(firstOf('a.sav')).toBe('X:a 1');
    const { count } = calls;
    await pass(10);
    expect(calls.count).toBe(count);
    await ioc.put('X:a', 2);
    await pass(5);
    expect(firstOf('a.sav')).toBe('X:a 2');
  });

  it('saves a periodic set every period, a triggered one when its PV changes, a manual one never', async () => {
    for (const name of ['b.req', 'c.req']) folder.write(name, 'X:a');
    const ioc = folder.ioc(one, {}, { clock });
    await using autosave = ioc.autosave;
    autosave.addSet({ request: 'a.req', method: { kind: 'periodic', period: 10 } });
    autosave.addSet({ request: 'b.req', method: { kind: 'triggered', pv: 'X:go' } });
    autosave.addSet({ request: 'c.req', method: { kind: 'manual' } });
    autosave.start();
    await pass(10);
    expect(folder.names()).toEqual(['a.req', 'a.sav', 'a.savB', 'b.req', 'c.req']);
    await ioc.put('X:go', 1);
    await pass(2);
    expect(folder.names()).toContain('b.sav');
    expect(folder.names()).not.toContain('c.sav');
  });

  it('copies the file to sequence files in turn, the oldest first', async () => {
    const ioc = folder.ioc(one, { sequence: { files: 2, period: 20 } }, { clock });
    await using autosave = ioc.autosave;
    autosave.addSet({ request: 'a.req', method: { kind: 'monitored', period: 5 } });
    autosave.start();
    for (const value of [1, 2, 3]) {
      await ioc.put('X:a', value);
      await pass(20);
    }
    expect([firstOf('a.sav0'), firstOf('a.sav1')]).toEqual(['X:a 3', 'X:a 2']);
  });

  it('tries again when the disk was full, and says so meanwhile', async () => {
    const calls = new CountedCalls();
    const ioc = folder.ioc(one, { status: 'S:', retry: 30 }, { clock, calls });
    await using autosave = ioc.autosave;
    autosave.addSet({ request: 'a.req', method: { kind: 'manual' } });
    autosave.start();
    calls.fails = () => diskError('ENOSPC');
    await autosave.sets[0]?.save();
    await pass(2);
    expect(status(ioc, 'status', 'statusStr', '0_Status')).toEqual([
      1,
      "Can't write .savB file",
      1,
    ]);
    expect(ioc.get('S:SR_status.SEVR')).toBe(2);
    calls.fails = () => undefined;
    await pass(30);
    expect(status(ioc, 'status', 'statusStr', '0_Status')).toEqual([4, 'Ok', 4]);
    expect(ioc.get('S:SR_status.SEVR')).toBe(0);
    expect(firstOf('a.sav')).toBe('X:a 0');
  });

  it('tells of itself in the status PVs of the C module', async () => {
    const ioc = folder.ioc(one, { status: 'S:' }, { clock });
    await using autosave = ioc.autosave;
    autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    autosave.addSet({ request: 'a.req', method: { kind: 'monitored', period: 5 } });
    autosave.start();
    await pass(6);
    expect(status(ioc, 'rebootStatus', 'rebootStatusStr')).toEqual([1, "Can't open save file."]);
    expect(status(ioc, 'status', 'recentlyStr')).toEqual([4, "Wrote 'a.sav'"]);
    expect(status(ioc, '0_Name', '0_State', '0_Status', '0_StatusStr')).toEqual(['a', 12, 4, 'Ok']);
    expect(status(ioc, '0_Time')[0]).toMatch(/^\w{3} Jan 01 \d\d:00:0\d$/);
    const [beat] = status(ioc, 'heartbeat');
    await pass(1);
    expect(status(ioc, 'heartbeat')[0]).not.toBe(beat);
  });

  it('pauses while it is disabled, for so long at most', async () => {
    const ioc = folder.ioc(one, { status: 'S:' }, { clock });
    await using autosave = ioc.autosave;
    autosave.addSet({ request: 'a.req', method: { kind: 'periodic', period: 4 } });
    await ioc.put('S:SR_disableMaxSecs', 20);
    await ioc.put('S:SR_disable', 1);
    autosave.start();
    await pass(19);
    expect(folder.names()).toEqual(['a.req']);
    await pass(6);
    expect(folder.names()).toContain('a.sav');
    expect(status(ioc, 'disable')).toEqual([0]);
  });

  it('finds what waits for a record under its other name', async () => {
    folder.write('a.sav', '# save/restore V5.1', 'Y:alias.DESC hello', '<END>', '');
    const ioc = folder.ioc(one, { keepsAbsent: true }, { clock });
    await using autosave = ioc.autosave;
    autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    autosave.start();
    await pass(1);
    ioc.load('record(ao,X:late) { alias(Y:alias) }');
    await pass(2);
    expect(ioc.get('X:late.DESC')).toBe('hello');
  });

  it('saves once more at its end, what changed only', async () => {
    folder.write('b.req', 'X:a');
    const ioc = folder.ioc(one, {}, { clock });
    ioc.autosave.addSet({ request: 'a.req', method: { kind: 'monitored', period: 30 } });
    ioc.autosave.addSet({ request: 'b.req', method: { kind: 'manual' } });
    ioc.autosave.start();
    await pass(1);
    await ioc.put('X:a', 5);
    await ioc.autosave[Symbol.asyncDispose]();
    expect(firstOf('a.sav')).toBe('X:a 5');
    expect(folder.names()).not.toContain('b.sav');
    expect(clock.timers).toBe(0);
  });

  it('ends in time when the disk does not answer', async () => {
    const calls = new CountedCalls();
    const ioc = folder.ioc(
      one,
      {},
      { clock, calls: { ...calls, open: () => new Promise(() => {}) } },
    );
    ioc.autosave.addSet({ request: 'a.req', method: { kind: 'monitored', period: 30 } });
    ioc.autosave.start();
    await pass(1);
    const ended = ioc.autosave[Symbol.asyncDispose]();
    await until(() => clock.timers > 0);
    clock.advance(2500);
    await ended;
    expect(folder.names()).toEqual(['a.req']);
  });
});
