import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import type { OnError } from '../script.ts';

const usage = 'Usage: on error [continue | break | halt | wait <delay>]';

/** Seconds that `on error wait` waits for at most. */
const LONGEST_WAIT = 86_400;

export const on: Command = {
  name: 'on',
  parameters: [{ name: "'error' 'continue' | 'break' | 'halt' | 'wait' [value]", kind: 'rest' }],
  usage: `What a file of commands does after an error.
  continue (default) - go on with the next command
  break, halt        - leave the file, as failed
  wait               - stop for [value] seconds (5), then go on`,
  run({ args: { rest }, shell: { script } }) {
    if (!script) throw new Complaint('A person goes on after an error: nothing to set.');
    script.onError = parsed(rest);
    return undefined;
  },
};

function parsed([error, kind, seconds = '5']: readonly string[]): OnError {
  if (error !== 'error') throw new Complaint(usage);
  switch (kind) {
    case 'continue':
    case 'break':
    case 'halt':
      return { kind };
    case 'wait': {
      const delay = Number(seconds);
      if (delay >= 0 && delay <= LONGEST_WAIT) return { kind, seconds: delay };
      throw new Complaint(`on error wait: "${seconds}" is no number of seconds`);
    }
    default:
      throw new Complaint(usage);
  }
}
