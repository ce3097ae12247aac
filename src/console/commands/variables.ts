import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';

export const epicsEnvSet: Command = {
  name: 'epicsEnvSet',
  parameters: [
    { name: 'name', kind: 'string' },
    { name: 'value', kind: 'string' },
  ],
  usage: 'Set an environment variable.',
  run({ args, shell }) {
    const [name, value] = [args.text(0), args.text(1)];
    if (!name) throw new Complaint('Missing environment variable name argument.');
    if (value === undefined) throw new Complaint('Missing environment variable value argument.');
    shell.environment.set(name, value);
    // A macro that the file was called with would hide the variable.
    shell.macros.put(name, undefined);
    return undefined;
  },
};

export const epicsEnvUnset: Command = {
  name: 'epicsEnvUnset',
  parameters: [{ name: 'name', kind: 'string' }],
  usage: 'Remove a variable from the environment.',
  run({ args, shell }) {
    const name = args.text(0);
    if (!name) throw new Complaint('Missing environment variable name argument.');
    shell.environment.unset(name);
    shell.macros.put(name, undefined);
    return undefined;
  },
};

export const epicsEnvShow: Command = {
  name: 'epicsEnvShow',
  parameters: [{ name: '[name]', kind: 'string' }],
  usage: 'Show all environment variables, or one.',
  *run({ args, shell: { environment } }): Lines {
    const name = args.text(0);
    if (name === undefined) {
      for (const [each, value] of environment.entries()) yield `${each}=${value}`;
      return;
    }
    const value = environment.get(name);
    if (value === undefined) throw new Complaint(`${name} is not an environment variable.`);
    yield `${name}=${value}`;
  },
};

/** Parameters of EPICS that this IOC heeds, and their values where the environment has none. */
const parameters: Readonly<Record<string, string | undefined>> = {
  EPICS_CA_ADDR_LIST: '',
  EPICS_CA_AUTO_ADDR_LIST: 'YES',
  EPICS_CA_CONN_TMO: '30.0',
  EPICS_CA_SERVER_PORT: '5064',
  EPICS_CA_REPEATER_PORT: '5065',
  EPICS_CA_MAX_ARRAY_BYTES: '16384',
  EPICS_CA_AUTO_ARRAY_BYTES: 'YES',
  EPICS_CA_MAX_SEARCH_PERIOD: '60.0',
  EPICS_CA_NAME_SERVERS: undefined,
  EPICS_CA_BEACON_PERIOD: '15.0',
  EPICS_CA_MCAST_TTL: '1',
  EPICS_CAS_INTF_ADDR_LIST: undefined,
  EPICS_CAS_IGNORE_ADDR_LIST: undefined,
  EPICS_CAS_AUTO_BEACON_ADDR_LIST: undefined,
  EPICS_CAS_BEACON_ADDR_LIST: undefined,
  EPICS_CAS_SERVER_PORT: undefined,
  EPICS_CAS_BEACON_PERIOD: undefined,
  EPICS_CAS_BEACON_PORT: undefined,
  EPICS_DB_INCLUDE_PATH: undefined,
  IOCSH_PS1: 'epics> ',
  EPICS_IOCSH_HISTFILE: '.iocsh_history',
};

export const epicsPrtEnvParams: Command = {
  name: 'epicsPrtEnvParams',
  parameters: [],
  usage: 'Show the parameters of EPICS that this IOC heeds.',
  *run({ shell: { environment } }): Lines {
    for (const [name, initial] of Object.entries(parameters)) {
      const value = environment.get(name) ?? initial;
      yield value === undefined ? `${name} is undefined` : `${name}: ${value}`;
    }
  },
};

export const epicsParamShow: Command = { ...epicsPrtEnvParams, name: 'epicsParamShow' };
