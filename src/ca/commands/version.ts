import { CommandId, OLDEST_MINOR } from '../header.ts';
import type { Command } from './command.ts';

const HIGHEST_PRIORITY = 99;

/** The client says its minor version and the priority it wants, which a single thread ignores. */
export const version: Command = {
  id: CommandId.version,
  name: 'VERSION',
  answer(circuit, { type: priority, count: minor }) {
    if (minor < OLDEST_MINOR || priority > HIGHEST_PRIORITY) circuit.end('protocol');
    else {
      circuit.minor = minor;
      circuit.priority = priority;
    }
    return undefined;
  },
};
