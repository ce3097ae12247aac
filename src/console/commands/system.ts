import { unescaped } from '../../database/index.ts';
import { sleep, systemClock } from '../../kernel/index.ts';
import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { reasonOf } from '../redirection.ts';
import { strftime } from '../strftime.ts';

export const cd: Command = {
  name: 'cd',
  parameters: [{ name: 'directory name', kind: 'path' }],
  usage: 'Change the working directory of the IOC.',
  run({ args, shell }) {
    const path = args.text(0);
    if (!path) throw new Complaint('Invalid directory path, ignored');
    try {
      process.chdir(path);
    } catch (cause) {
      const reason = reasonOf(cause);
      throw new Complaint(`Invalid directory path ${path}, ignored: ${reason}`, { cause });
    }
    shell.environment.set('PWD', process.cwd());
    return undefined;
  },
};

export const pwd: Command = {
  name: 'pwd',
  parameters: [],
  usage: 'Print the working directory.',
  run: () => [process.cwd()],
};

export const date: Command = {
  name: 'date',
  parameters: [{ name: 'format', kind: 'string' }],
  usage: 'Print date and time; the format is that of strftime (%Y/%m/%d %H:%M:%S.%06f).',
  run({ args }) {
    const now = systemClock.now();
    const seconds = Math.floor(now / 1000);
    const moment = { seconds, nanoseconds: Math.round((now - seconds * 1000) * 1e6) };
    return [strftime(args.text(0) || '%Y/%m/%d %H:%M:%S.%06f', moment)];
  },
};

export const echo: Command = {
  name: 'echo',
  parameters: [{ name: 'string', kind: 'string' }],
  usage: 'Print a string, with macros, environment variables and C escapes.',
  run: ({ args }): Lines => [unescaped(args.text(0) ?? '')],
};

/** Seconds that a pause may take. */
const LONGEST_SLEEP = 86_400;

export const epicsThreadSleep: Command = {
  name: 'epicsThreadSleep',
  parameters: [{ name: 'seconds', kind: 'number' }],
  usage: 'Wait; only this shell does.',
  async run({ args, shell }) {
    const seconds = args.number(0);
    if (!(seconds <= LONGEST_SLEEP))
      throw new Complaint(`epicsThreadSleep: at most ${LONGEST_SLEEP}`);
    if (seconds > 0) await sleep(seconds * 1000, shell.signal);
  },
};
