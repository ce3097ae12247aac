import type { AccessFile } from '../../database/index.ts';
import { localIdentity } from '../../pv/index.ts';
import type { Arguments, Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { fieldNamed, type RecordsView } from '../records/records-view.ts';
import type { AccessView } from './access-view.ts';
import { groupLines, membersLines } from './rules-text.ts';

/** The commands for access security. */
export function accessCommands(access: AccessView, records: RecordsView): readonly Command[] {
  return [
    ...settingUp(access, records),
    variable(access),
    ...dumps(access),
    astac(access, records),
  ];
}

function settingUp(access: AccessView, records: RecordsView): readonly Command[] {
  return [
    {
      name: 'asSetFilename',
      parameters: [{ name: 'ascf', kind: 'path' }],
      usage: 'Name the .acf file of access security; iocInit reads it, and asInit after that.',
      run({ args }) {
        access.setFile(required(args, 'asSetFilename'));
        return undefined;
      },
    },
    {
      name: 'asSetSubstitutions',
      parameters: [{ name: 'substitutions', kind: 'string' }],
      usage: 'Set the macros of the .acf file, as A=1,B=2.',
      run({ args }) {
        access.setMacros(args.text(0) ?? '');
        return undefined;
      },
    },
    {
      name: 'asInit',
      parameters: [],
      usage: 'Read the .acf file again. With a mistake in it, the rules before stay in force.',
      async run() {
        if (!access.isNamed) throw new Complaint('asInit: no file; asSetFilename names it');
        if (records.isRunning) await access.init();
      },
    },
  ];
}

/** The one variable of access security that start-up files set. */
function variable({ security }: AccessView): Command {
  return {
    name: 'var',
    parameters: [
      { name: 'variable', kind: 'string' },
      { name: 'value', kind: 'integer' },
    ],
    usage: `Show or set a variable. There is asCheckClientIP: 1 compares host access groups with the
address of a client, 0 with the host that it claims. Set it before iocInit.`,
    *run({ args }): Lines {
      const name = args.text(0);
      if (name !== undefined && name !== 'asCheckClientIP') {
        throw new Complaint(`There is no variable ${name}: there is asCheckClientIP`);
      }
      if (args.text(1) !== undefined) security.trustsClaimedHosts = args.number(1) === 0;
      else yield `asCheckClientIP = ${security.trustsClaimedHosts ? 0 : 1}`;
    },
  };
}

function required(args: Arguments, command: string): string {
  const text = args.text(0);
  if (!text) throw new Complaint(`Usage: ${command} "file"`);
  return text;
}

function dumps(access: AccessView): readonly Command[] {
  const dump = (
    name: string,
    parameter: string | undefined,
    usage: string,
    lines: (file: AccessFile, group: string | undefined) => Lines,
  ): Command => ({
    name,
    parameters: parameter === undefined ? [] : [{ name: parameter, kind: 'string' }],
    usage,
    run({ args }) {
      if (!access.inForce) throw new Complaint('Access security is not active.');
      return lines(access.inForce, args.text(0));
    },
  });
  return [
    dump('asprules', 'asgname', 'List the rules of a group, or of all.', (file, group) =>
      groupLines(file, access.security, group),
    ),
    dump('aspuag', 'uagname', 'List the users of a group, or of all.', (file, group) =>
      membersLines('UAG', file.userGroups, group),
    ),
    dump('asphag', 'hagname', 'List the hosts of a group, or of all.', (file, group) =>
      membersLines('HAG', file.hostGroups, group),
    ),
    dump('asdbdump', undefined, 'List all groups and rules, as they are in force.', (file) => [
      ...membersLines('UAG', file.userGroups, undefined),
      ...membersLines('HAG', file.hostGroups, undefined),
      ...groupLines(file, access.security, undefined),
    ]),
  ];
}

function astac({ security }: AccessView, records: RecordsView): Command {
  return {
    name: 'astac',
    parameters: [
      { name: 'recordname', kind: 'record' },
      { name: 'user', kind: 'string' },
      { name: 'host', kind: 'string' },
    ],
    usage: `Tell what a user on a host may do with a field. The host is an address, unless the rules
go by claimed names.

Example: astac T:setpoint operator 10.0.0.7`,
    *run({ args }): Lines {
      const [name, user, host] = [args.text(0), args.text(1), args.text(2)];
      if (!name || !user || !host) throw new Complaint('Usage: astac "recordname", "user", "host"');
      const field = fieldNamed(records, 'astac', name);
      const identity = { ...localIdentity(user), claimedHost: host, address: host };
      using session = security.open(identity, () => {});
      const { read, write, trap } = session.grant(field);
      const said = (may: boolean) => (may ? 'Yes' : 'No');
      yield `${name}: get ${said(read)} put ${said(write)}${trap ? ' (logged)' : ''}`;
    },
  };
}
