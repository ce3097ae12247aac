import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';

export const iocshLoad: Command = {
  name: 'iocshLoad',
  parameters: [
    { name: 'pathname', kind: 'path' },
    { name: 'macros', kind: 'string' },
  ],
  usage: `Run a file of commands, with macros of its own: iocshLoad motors.cmd "P=BL01:,N=3"`,
  async run({ args, shell }) {
    const path = args.text(0);
    if (!path) throw new Complaint('Usage: iocshLoad pathname macros');
    if (!(await shell.runFile(path, args.text(1)))) throw new Complaint(`${path} stopped`);
  },
};

export const iocshRun: Command = {
  name: 'iocshRun',
  parameters: [
    { name: 'command', kind: 'string' },
    { name: 'macros', kind: 'string' },
  ],
  usage: `Run one command, with macros of its own: iocshRun "dbpr $(P)x" "P=BL01:"`,
  async run({ args, shell }) {
    const line = args.text(0) ?? '';
    if (!(await shell.runCommand(line, args.text(1)))) throw new Complaint(`${line}: failed`);
  },
};

export const iocshCmd: Command = {
  ...iocshRun,
  name: 'iocshCmd',
  parameters: iocshRun.parameters.slice(0, 1),
  usage: 'Run one command.',
};
