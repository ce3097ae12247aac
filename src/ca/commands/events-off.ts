import { CommandId } from '../header.ts';
import type { Command } from './command.ts';

/** The client cannot keep up: updates wait, newest wins. */
export const eventsOff: Command = {
  id: CommandId.eventsOff,
  name: 'EVENTS_OFF',
  answer(circuit) {
    circuit.eventsOff = true;
    return undefined;
  },
};
