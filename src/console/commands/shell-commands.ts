import type { Command } from '../command.ts';
import { help } from './help.ts';
import { iocshCmd, iocshLoad, iocshRun } from './iocsh.ts';
import { on } from './on.ts';
import { sizeCommands } from './sizes.ts';
import { cd, date, echo, epicsThreadSleep, pwd } from './system.ts';
import {
  epicsEnvSet,
  epicsEnvShow,
  epicsEnvUnset,
  epicsParamShow,
  epicsPrtEnvParams,
} from './variables.ts';

/** `#` and `exit` are the shell's own; here they have their lines in `help`. */
const own: readonly Command[] = [
  {
    name: '#',
    parameters: [{ name: 'newline-terminated comment', kind: 'rest' }],
    usage: 'A comment; one of a file is printed, unless it begins with #-',
    run: () => undefined,
  },
  {
    name: 'exit',
    parameters: [],
    usage: 'Leave: a file of commands, a console on a socket, or the IOC.',
    run: () => undefined,
  },
];

/** What a shell can do without any record. */
export const shellCommands: readonly Command[] = [
  ...own,
  help,
  on,
  iocshLoad,
  iocshRun,
  iocshCmd,
  cd,
  pwd,
  date,
  echo,
  epicsThreadSleep,
  epicsEnvSet,
  epicsEnvUnset,
  epicsEnvShow,
  epicsPrtEnvParams,
  epicsParamShow,
  ...sizeCommands,
];
