import { CommandId } from '../header.ts';
import type { Command } from './command.ts';

/** The client keeps up again; what it missed comes as one update per subscription. */
export const eventsOn: Command = {
  id: CommandId.eventsOn,
  name: 'EVENTS_ON',
  answer(circuit) {
    circuit.eventsOff = false;
    return undefined;
  },
};
