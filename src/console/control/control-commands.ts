import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import type { IocControl } from './ioc-control.ts';

/** The commands by which a start-up file makes an IOC. */
export function controlCommands(ioc: IocControl): readonly Command[] {
  return [dbLoadRecords(ioc), dbLoadTemplate(ioc), iocInit(ioc), coreRelease(ioc)];
}

function dbLoadRecords(ioc: IocControl): Command {
  return {
    name: 'dbLoadRecords',
    parameters: [
      { name: 'file name', kind: 'path' },
      { name: 'substitutions', kind: 'string' },
    ],
    usage: `Load records from a file, with macros. Only before iocInit.

Example: dbLoadRecords db/vacuum.db "P=BL01:,N=3"`,
    run({ args }) {
      const file = args.text(0);
      if (!file) throw new Complaint('Usage: dbLoadRecords "file name", "substitutions"');
      refuseAfterInit(ioc, file);
      ioc.loadRecords(file, args.text(1) ?? '');
      return undefined;
    },
  };
}

function dbLoadTemplate(ioc: IocControl): Command {
  return {
    name: 'dbLoadTemplate',
    parameters: [
      { name: 'filename', kind: 'path' },
      { name: 'var1=value1,var2=value2', kind: 'string' },
    ],
    usage: `Load the templates of a substitutions file; further macros are for the templates.
Only before iocInit.

Example: dbLoadTemplate db/motors.substitutions "P=BL01:"`,
    run({ args }) {
      const file = args.text(0);
      if (!file) throw new Complaint('Usage: dbLoadTemplate "filename", "var1=value1"');
      refuseAfterInit(ioc, file);
      ioc.loadTemplate(file, args.text(1) ?? '');
      return undefined;
    },
  };
}

function refuseAfterInit(ioc: IocControl, file: string): void {
  if (!ioc.isInitialised) return;
  throw new Complaint(`failed to load '${file}'\n    Records cannot be loaded after iocInit!`);
}

function iocInit(ioc: IocControl): Command {
  return {
    name: 'iocInit',
    parameters: [],
    usage: 'Make the records that were loaded, and serve them. Once.',
    async *run(): Lines {
      if (ioc.isInitialised) throw new Complaint('iocInit: the IOC runs already');
      yield 'Starting iocInit';
      yield* ioc.release;
      await ioc.init();
      yield 'iocRun: All initialization complete';
    },
  };
}

function coreRelease({ release }: IocControl): Command {
  return {
    name: 'coreRelease',
    parameters: [],
    usage: 'Print what IOC this is.',
    run: () => release,
  };
}
