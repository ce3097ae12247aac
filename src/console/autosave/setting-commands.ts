import { join } from 'node:path';
import type { Arguments, Command } from '../command.ts';
import type { AutosaveSettings } from './autosave-control.ts';
import { needed, order } from './order.ts';

/** What the module asks of Channel Access, threads and NFS, which are not here. */
const ignored: readonly (readonly [string, string])[] = [
  ['save_restoreSet_Debug', 'debug level:i'],
  ['save_restoreSet_CAReconnect', 'ok:i'],
  ['save_restoreSet_CallbackTimeout', 'seconds:i'],
  ['save_restoreSet_FilePermissions', 'permissions:i'],
  ['save_restoreSet_UseStatusPVs', 'ok:i'],
  ['set_saveTask_priority', 'priority:i'],
];

/** The settings of autosave. */
export function settingCommands(settings: AutosaveSettings): readonly Command[] {
  return [
    ...folderCommands(settings),
    ...numberCommands(settings),
    ...ignored.map(([name, kind]) => order(name, [kind], 'Accepted and ignored.', () => {})),
  ];
}

function folderCommands(settings: AutosaveSettings): readonly Command[] {
  return [
    order('set_savefile_path', ['path:p', 'subfolder'], 'Folder of the save files.', (args) => {
      settings.folder = folderOf(args);
    }),
    order(
      'set_requestfile_path',
      ['path:p', 'subfolder'],
      'One more folder in which request files are looked for.',
      (args) => {
        settings.requests.push(folderOf(args));
      },
    ),
    order(
      'save_restoreSet_status_prefix',
      ['prefix'],
      'What the names of the status PVs begin with.',
      (args) => {
        settings.status = args.text(0) ?? '';
      },
    ),
  ];
}

function numberCommands(settings: AutosaveSettings): readonly Command[] {
  const number = (name: string, what: string, usage: string, set: (value: number) => void) =>
    order(`save_restoreSet_${name}`, [`${what}:i`], usage, (args) => set(args.number(0)));
  return [
    number('NumSeqFiles', 'files', 'Older states that are kept, 0 to 10.', (files) => {
      settings.sequence.files = Math.min(10, Math.max(0, files));
    }),
    number('SeqPeriodInSeconds', 'seconds', 'How often one is written.', (period) => {
      settings.sequence.period = Math.max(10, period);
    }),
    number('RetrySeconds', 'seconds', 'Pause after a save that failed.', (retry) => {
      settings.retry = Math.max(10, retry);
    }),
    number('IncompleteSetsOk', 'ok', 'Whether values of a set may be missing.', (ok) => {
      settings.incomplete = ok !== 0;
    }),
    number('DatedBackupFiles', 'ok', 'Dated copies at each start, or one .bu.', (ok) => {
      settings.copies = ok === 0 ? 0 : 10;
    }),
  ];
}

function folderOf(args: Arguments): string {
  return join(needed(args, 'path'), args.text(1) ?? '');
}
