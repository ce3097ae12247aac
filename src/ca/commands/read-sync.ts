import { CommandId } from '../header.ts';
import type { Command } from './command.ts';

/** The client asks to hear when everything before was answered: the header goes back. */
export const readSync: Command = {
  id: CommandId.readSync,
  name: 'READ_SYNC',
  answer({ output }, { type, count, p1, p2 }) {
    output.message(CommandId.readSync, 0, type, count, p1, p2);
    return undefined;
  },
};
