import type { Command, Parameter } from '../command.ts';
import { Complaint } from '../complaint.ts';
import type { PutLogControl, PutLogFormat } from './put-log-control.ts';

const modes = '-1: off, 0: puts that change something, 1: all, 2: all and squash no bursts';

/** The commands of caPutLog in both its forms, and the prefix of log lines. */
export function putLogCommands(log: PutLogControl): readonly Command[] {
  return [
    ...ofForm(log, 'caPutLog', 'text'),
    ...ofForm(log, 'caPutJsonLog', 'json'),
    {
      name: 'caPutJsonLogAddMetadata',
      parameters: [text('property'), text('value')],
      usage: 'Add a key and its text to each line of the JSON form.',
      run({ args }) {
        const key = args.text(0);
        if (!key) throw new Complaint('Usage: caPutJsonLogAddMetadata "property", "value"');
        log.setSiteKey(key, args.text(1));
        return undefined;
      },
    },
    {
      name: 'iocLogPrefix',
      parameters: [text('prefix')],
      usage: 'Set what stands before each line to a log server.',
      run({ args }) {
        log.setPrefix(args.text(0) ?? '');
        return undefined;
      },
    },
  ];
}

function ofForm(log: PutLogControl, name: string, format: PutLogFormat): readonly Command[] {
  return [
    {
      name: `${name}Init`,
      parameters: [text('address'), number('config'), number('burst timeout')],
      usage: `Log puts that rules with TRAPWRITE allow (without rules: all) to servers, host or host:port,
several by blanks. ${modes}.

Example: ${name}Init "loghost:7011", 1`,
      run({ args }) {
        log.begin(format, args.text(0) ?? '', args.number(1), args.number(2));
        return undefined;
      },
    },
    {
      name: `${name}Reconf`,
      parameters: [number('config')],
      usage: `Say which puts are logged. ${modes}.`,
      run({ args }) {
        log.setMode(args.number(0));
        return undefined;
      },
    },
    {
      name: `${name}SetBurstTimeout`,
      parameters: [number('seconds')],
      usage: 'Set how long a PV must be left alone for a burst of puts to be over.',
      run({ args }) {
        log.setBurst(args.number(0));
        return undefined;
      },
    },
    {
      name: `${name}Show`,
      parameters: [number('level')],
      usage: 'Show which puts are logged, where to, and how many were.',
      run: () => log.show(),
    },
  ];
}

function text(name: string): Parameter {
  return { name, kind: 'string' };
}

function number(name: string): Parameter {
  return { name, kind: 'number' };
}
