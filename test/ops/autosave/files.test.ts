import { readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isComplete } from '../../../src/database/index.ts';
import { CountedCalls, diskError } from './failing-calls.ts';
import { heard, type SavedIoc, SaveFolder } from './saved-ioc.ts';

let folder: SaveFolder;
beforeEach(() => {
  folder = new SaveFolder();
  folder.write('a.req', 'X:a', 'X:b');
});
afterEach(() => folder[Symbol.dispose]());

const two = 'record(ao,X:a) {} record(ao,X:b) {}';
const method = { kind: 'monitored', period: 5 } as const;
const setOf = (ioc: SavedIoc) => ioc.autosave.addSet({ request: 'a.req', method });

/** Both values, the same in a whole set. */
async function give(ioc: SavedIoc, value: number): Promise<void> {
  await ioc.put('X:a', value);
  await ioc.put('X:b', value);
}

/** What a new IOC gets back: the value of both, and how that went. */
async function restored(): Promise<readonly [unknown, unknown, string]> {
  const ioc = folder.ioc(two);
  ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
  await ioc.restore(0);
  return [ioc.get('X:a'), ioc.get('X:b'), ioc.autosave.restored[0]?.report.text ?? ''];
}

describe('a save', () => {
  it('leaves the file and its copy, and nothing else', async () => {
    const ioc = folder.ioc(two);
    const set = setOf(ioc);
    await set.save();
    await set.save();
    expect(folder.names()).toEqual(['a.req', 'a.sav', 'a.savB']);
    expect(folder.read('a.savB')).toBe(folder.read('a.sav'));
  });

  it('at whose any step the disk is full leaves a whole set, and the next one succeeds', async () => {
    for (let failing = 1; ; failing++) {
      const calls = new CountedCalls();
      const ioc = folder.ioc(two, {}, { calls });
      const set = setOf(ioc);
      await give(ioc, 1);
      await set.save();
      await give(ioc, 2);
      const first = calls.count;
      calls.fails = (count) => (count === first + failing ? diskError('ENOSPC') : undefined);
      const report = await set.save();
      if (calls.count < first + failing) {
        expect(report).toEqual({ status: 4, text: 'Ok' });
        expect(failing).toBeGreaterThan(10);
        return;
      }
      const [a, b] = await restored();
      expect(a).toBe(b);
      expect([1, 2]).toContain(a);
      calls.fails = () => undefined;
      expect(await set.save()).toEqual({ status: 4, text: 'Ok' });
      expect(await restored()).toEqual([2, 2, 'No errors']);
    }
  });

  it('that is cut off at any step leaves a whole set', async () => {
    for (let last = 1; ; last++) {
      const calls = new CountedCalls();
      const ioc = folder.ioc(two, {}, { calls });
      const set = setOf(ioc);
      await give(ioc, 1);
      await set.save();
      await give(ioc, 2);
      const first = calls.count;
      // Nothing that would come after the end happens, cleaning up included.
      calls.fails = (count) => (count >= first + last ? diskError('EIO') : undefined);
      await set.save();
      if (calls.count < first + last) return;
      const [a, b, text] = await restored();
      expect(a).toBe(b);
      expect(text).toBe('No errors');
    }
  });

  it('tells why it failed, and is tried again', async () => {
    const calls = new CountedCalls();
    const { log, lines } = heard();
    const set = setOf(folder.ioc(two, {}, { calls, log }));
    calls.fails = (_, what) => (what === 'sync' ? diskError('EIO') : undefined);
    expect(await set.save()).toEqual({ status: 1, text: "Can't write .savB file" });
    expect(lines[0]).toContain('a.savB could not be written: EIO: made to fail');
    expect(folder.names()).toEqual(['a.req']);
  });

  it('does not replace the file while its copy is bad', async () => {
    const set = setOf(folder.ioc(two));
    await set.save();
    folder.write('a.savB', '# save/restore V5.1', 'X:a 1');
    expect(await set.save()).toEqual({ status: 2, text: '.savB file was bad' });
    expect(folder.names()[3]).toMatch(/^a\.savB_SBAD_\d{6}-\d{6}$/);
    expect(isComplete(folder.read('a.savB'))).toBe(true);
    expect(await set.save()).toEqual({ status: 4, text: 'Ok' });
  });

  it('follows a link to where the file is', async () => {
    const set = setOf(folder.ioc(two));
    folder.write('elsewhere', '');
    symlinkSync(join(folder.path, 'elsewhere'), join(folder.path, 'a.sav'));
    await set.save();
    expect(isComplete(folder.read('elsewhere'))).toBe(true);
  });

  it('of another name keeps what that file said', async () => {
    folder.write('b.sav', 'old');
    const path = await setOf(folder.ioc(two)).saveAs('b.sav');
    expect(isComplete(readFileSync(path, 'utf8'))).toBe(true);
    const copy = folder.names().find((name) => /^b\.sav_\d{6}-\d{6}$/.test(name));
    expect(folder.read(copy ?? '')).toBe('old');
  });
});

describe('restoring', () => {
  const whole = (value: number) => `# save/restore V5.1\nX:a ${value}\nX:b ${value}\n<END>\n`;
  const torn = '# save/restore V5.1\nX:a 9\n';

  it('takes the copy where the file is torn, and keeps the torn one aside', async () => {
    folder.write('a.sav', torn);
    folder.write('a.savB', whole(2));
    expect(await restored()).toEqual([2, 2, 'No errors']);
    expect(folder.names().some((name) => /^a\.sav_RBAD_\d{6}-\d{6}$/.test(name))).toBe(true);
  });

  it('takes the newest sequence file where both are bad', async () => {
    folder.write('a.savB', torn);
    for (const [number, age] of [300, 100, 200].entries()) {
      folder.write(`a.sav${number}`, whole(number));
      const time = new Date(Date.now() - age * 1000);
      utimesSync(join(folder.path, `a.sav${number}`), time, time);
    }
    expect(await restored()).toEqual([1, 1, 'Bad .sav(B) files; used seq. backup']);
    folder.write('a.sav1', torn);
    expect((await restored())[0]).toBe(2);
  });

  it('keeps files that are not UTF-8 byte by byte, and reads them as Latin-1', async () => {
    const bytes = Buffer.from('# save/restore V5.1\nX:a.EGU \xb0C\n<END>\n', 'latin1');
    writeFileSync(join(folder.path, 'a.sav'), bytes);
    const ioc = folder.ioc(two, { copies: 0 });
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    expect(ioc.get('X:a.EGU')).toBe('°C');
    expect(readFileSync(join(folder.path, 'a.sav.bu'))).toEqual(bytes);
  });

  it('finds nothing', async () => {
    expect(await restored()).toEqual([0, 0, "Can't open save file."]);
  });

  it('keeps the newest files of earlier starts', async () => {
    folder.write('a.sav', whole(1));
    for (let second = 0; second < 12; second++) {
      folder.write(`a.sav_250101-0000${String(second).padStart(2, '0')}`, 'old');
    }
    await restored();
    const copies = folder.names().filter((name) => /^a\.sav_\d/.test(name));
    expect(copies).toHaveLength(10);
    expect(folder.read(copies.at(-1) ?? '')).toBe(whole(1));
    expect(copies[0]).toBe('a.sav_250101-000003');
  });

  it('keeps one .bu where no dated copies are wished', async () => {
    folder.write('a.sav', whole(1));
    const ioc = folder.ioc(two, { copies: 0 });
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    expect(folder.read('a.sav.bu')).toBe(whole(1));
  });
});
