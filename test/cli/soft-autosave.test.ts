import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { temporaryFolder } from '../console/shell-rig.ts';
import { start } from '../support/command-line.ts';
import { loopback } from '../support/loopback.ts';

let scope: Scope;
let files: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  scope = new Scope();
  files = temporaryFolder(scope);
});
afterEach(() => scope[Symbol.asyncDispose]());

/** A port that nobody else has. */
const env = loopback(15973);

/** Runs a start-up file, then commands, to the end. */
async function run(script: string, ...commands: string[]): Promise<string> {
  const ioc = start(scope, ['soft', script], env, 'pipe');
  ioc.end(`${commands.join('\n')}\n`);
  const { stdout, stderr } = await ioc.finished;
  return stdout + stderr;
}

describe('autosave in an st.cmd', () => {
  it('takes the commands of the C module', async () => {
    const db = files.write('a.db', 'record(ao,"$(P)ao") {} record(stringout,"$(P)text") {}');
    const request = files.write('a.req', '$(P)ao', '$(P)text.DESC');
    const folder = join(request, '..');
    const script = files.write(
      'st.cmd',
      `set_savefile_path("${folder}", "saved")`,
      `set_requestfile_path("${folder}")`,
      'save_restoreSet_status_prefix("X:")',
      'save_restoreSet_DatedBackupFiles(0)',
      'save_restoreSet_Debug(0)',
      'set_pass0_restoreFile("a.sav")',
      'set_pass1_restoreFile("a.sav")',
      `dbLoadRecords("${db}", "P=X:")`,
      'create_monitor_set("a.req", 30, "P=X:")',
      'create_monitor_set("none.req", 30)',
      'iocInit',
    );
    const first = await run(script, 'dbpf X:ao 5', 'dbpf X:text.DESC hello', 'save_restoreShow');
    expect(first).toContain("a.sav: restored in pass 0: Can't open save file.");
    expect(first).toContain('a.sav: 2 PVs, monitored: Initializing list');
    expect(first).toContain('"none.req": there is no such file');
    const saved = readFileSync(join(folder, 'saved/a.sav'), 'utf8');
    expect(saved.split('\n').slice(1)).toEqual(['X:ao 5', 'X:text.DESC hello', '<END>', '']);

    const second = await run(
      script,
      'dbgf X:ao',
      'dbgf X:text.DESC',
      'dbgf X:SR_rebootStatusStr',
      'dbpf X:ao 6',
      'manual_save a.req b.sav',
      'fdbrestore a.sav',
      'dbgf X:ao',
    );
    expect(second.match(/DBF_DOUBLE: +(\S+)/g)).toEqual([
      expect.stringMatching(/ 5$/),
      expect.stringMatching(/ 6$/),
      expect.stringMatching(/ 5$/),
    ]);
    expect(second).toContain('"hello"');
    expect(second).toContain('"No errors"');
    expect(readFileSync(join(folder, 'saved/b.sav'), 'utf8')).toContain('X:ao 6\n');
    expect(readFileSync(join(folder, 'saved/a.sav.bu'), 'utf8')).toBe(saved);
  });

  it('writes request files from info tags, and of those beside databases', async () => {
    const db = files.write('motor.db', 'record(ao,"$(P)m") { info(autosaveFields,"VAL DESC$") }');
    const folder = join(db, '..');
    files.write('motor_settings.req', '$(P)m.EGU');
    const built = join(folder, 'built.req');
    const script = files.write(
      'st.cmd',
      `set_requestfile_path("${folder}")`,
      `set_savefile_path("${folder}")`,
      `autosaveBuild("${built}", "_settings.req", 1)`,
      `dbLoadRecords("${db}", "P=X:")`,
      'iocInit',
      `makeAutosaveFileFromDbInfo("${join(folder, 'info')}", "autosaveFields")`,
      'create_manual_set("info.req")',
      'create_manual_set("built.req")',
      'manual_save info.req',
      'manual_save built.req',
    );
    await run(script);
    const linesOf = (name: string) => readFileSync(join(folder, name), 'utf8').split('\n');
    expect(linesOf('built.req')).toEqual(['file motor_settings.req P=X:', '']);
    expect(linesOf('info.sav').slice(1, 3)).toEqual(['X:m.VAL 0', 'X:m.DESC$ ']);
    expect(linesOf('built.sav').slice(1, 2)).toEqual(['X:m.EGU ']);
  });
});
