import { CommandId } from '../header.ts';
import type { Command } from './command.ts';

/** The client asks whether the server lives: everything goes back as it came. */
export const echo: Command = {
  id: CommandId.echo,
  name: 'ECHO',
  answer({ output }, { size, type, count, p1, p2, bytes, payloadAt }) {
    const at = output.message(CommandId.echo, size, type, count, p1, p2);
    output.bytes.set(bytes.subarray(payloadAt, payloadAt + size), at);
    return undefined;
  },
};
