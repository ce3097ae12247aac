import type { Arguments, Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import type { AutosaveControl, NamedSet } from './autosave-control.ts';
import { needed, order, question } from './order.ts';
import { settingCommands } from './setting-commands.ts';

/** The commands of the autosave module of EPICS, with its names and arguments. */
export function autosaveCommands(autosave: AutosaveControl): readonly Command[] {
  return [
    ...settingCommands(autosave.settings),
    ...setCommands(autosave),
    ...restoreCommands(autosave),
    ...requestCommands(autosave),
    question('save_restoreShow', ['verbose:i'], 'Show sets and files.', () => autosave.show()),
    question('dbrestoreShow', [], 'Show sets and files.', () => autosave.show()),
  ];
}

function setCommands(autosave: AutosaveControl): readonly Command[] {
  const makers = [
    ['monitor', 'monitored', 'Save a set every period in which something changed.'],
    ['periodic', 'periodic', 'Save a set every period.'],
    ['triggered', 'triggered', 'Save a set whenever a PV changes.'],
    ['manual', 'manual', 'A set that only manual_save saves.'],
  ] as const;
  const adders = makers.flatMap(([word, method, usage]) =>
    ['create', 'reload'].map((verb) =>
      order(`${verb}_${word}_set`, ['request file:p', ...whenOf(method), 'macros'], usage, (args) =>
        autosave.addSet(namedSet(method, args)),
      ),
    ),
  );
  return [
    ...adders,
    order('manual_save', ['request file', 'save file'], 'Save a set now.', (args) =>
      autosave.save(needed(args, 'request file'), args.text(1) ?? ''),
    ),
    order('remove_data_set', ['request file'], 'Forget a set.', (args) => {
      if (autosave.removeSet(needed(args, 'request file'))) return;
      throw new Complaint(`there is no set of ${args.text(0)}`);
    }),
  ];
}

/** The parameter that says when a set is saved. */
function whenOf(method: NamedSet['method']): readonly string[] {
  if (method === 'manual') return [];
  return [method === 'triggered' ? 'trigger:r' : 'period:i'];
}

function namedSet(method: NamedSet['method'], args: Arguments): NamedSet {
  return {
    request: needed(args, 'request file'),
    macros: args.text(method === 'manual' ? 1 : 2) ?? '',
    method,
    period: method === 'monitored' || method === 'periodic' ? args.number(1) : 0,
    trigger: method === 'triggered' ? (args.text(1) ?? '') : '',
  };
}

function restoreCommands(autosave: AutosaveControl): readonly Command[] {
  const restoreFile = (pass: 0 | 1, when: string) =>
    order(
      `set_pass${pass}_restoreFile`,
      ['save file', 'macros'],
      `Restore a file at iocInit, ${when} records are initialised.`,
      (args) => autosave.restoreFile(pass, needed(args, 'save file'), args.text(1) ?? ''),
    );
  const now = (args: Arguments) => restored(autosave, needed(args, 'save file'), args.text(1));
  return [
    restoreFile(0, 'before'),
    restoreFile(1, 'after'),
    question('fdbrestore', ['save file'], 'Put what a file holds to its PVs.', now),
    question('fdbrestoreX', ['save file', 'macros'], 'The same, with macros.', now),
  ];
}

function requestCommands(autosave: AutosaveControl): readonly Command[] {
  return [
    order(
      'makeAutosaveFileFromDbInfo',
      ['request file:p', 'info tag'],
      'Write a request file of the fields that records name in an info tag.',
      (args) =>
        autosave.writeRequests(requestName(needed(args, 'request file')), args.text(1) ?? ''),
    ),
    order('makeAutosaveFiles', [], 'Write info_settings.req and info_positions.req.', () => {
      autosave.writeRequests('info_settings.req', 'autosaveFields');
      autosave.writeRequests('info_positions.req', 'autosaveFields_pass0');
    }),
    order(
      'autosaveBuild',
      ['request file:p', 'suffix', 'on:i'],
      'Build a request file of those named as the databases that are loaded, with a suffix.',
      (args) =>
        autosave.build(
          needed(args, 'request file'),
          args.text(1) ?? '_settings.req',
          args.number(2) !== 0,
        ),
    ),
  ];
}

async function* restored(autosave: AutosaveControl, file: string, macros = ''): Lines {
  const problems = await autosave.restoreNow(file, macros);
  yield problems === 0 ? `${file} is restored` : `${problems} PVs of ${file} were not restored`;
}

/** `.req` is added to a name without it. */
function requestName(file: string): string {
  return file.includes('.req') ? file : `${file}.req`;
}
