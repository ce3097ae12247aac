import type { ServerStates } from '../../records/index.ts';
import type { Arguments, Command, Parameter } from '../command.ts';
import { Complaint } from '../complaint.ts';

const name: Parameter = { name: 'name', kind: 'string' };
const level: Parameter = { name: 'level', kind: 'integer' };

/** The commands for the named states by which `sync` filters open and close. */
export function stateCommands(states: ServerStates): readonly Command[] {
  const set = (command: string, usage: string, on: boolean): Command => ({
    name: command,
    parameters: [name],
    usage,
    run({ args }) {
      const state = stateOf(args, command);
      if (!states.set(state, on)) throw new Complaint(`State '${state}' is not there`);
      return undefined;
    },
  });
  const shown = (state: string) => `${state}: ${states.isOn(state) ? 'TRUE' : 'FALSE'}`;
  return [
    {
      name: 'dbStateCreate',
      parameters: [name],
      usage: 'Make a named state, which is FALSE, for sync filters and state links.',
      run({ args }) {
        states.create(stateOf(args, 'dbStateCreate'));
        return undefined;
      },
    },
    set('dbStateSet', 'Make a named state TRUE.', true),
    set('dbStateClear', 'Make a named state FALSE.', false),
    {
      name: 'dbStateShow',
      parameters: [name, level],
      usage: 'Show a named state.',
      run({ args }) {
        const state = stateOf(args, 'dbStateShow');
        if (!states.has(state)) throw new Complaint(`State '${state}' is not there`);
        return [shown(state)];
      },
    },
    {
      name: 'dbStateShowAll',
      parameters: [level],
      usage: 'Show all named states.',
      run: () => [...states.names()].map(shown),
    },
  ];
}

function stateOf(args: Arguments, command: string): string {
  const state = args.text(0);
  if (!state) throw new Complaint(`Usage: ${command} "name"`);
  return state;
}
