import { CommandId } from '../header.ts';
import { claimedName } from './claimed-name.ts';
import type { Command } from './command.ts';

/** The client says its user, for security and the put log. A claim, not a proof. */
export const clientName: Command = {
  id: CommandId.clientName,
  name: 'CLIENT_NAME',
  answer(circuit, request) {
    const user = claimedName(circuit, request);
    if (user !== undefined) circuit.access.introduce({ user });
    return undefined;
  },
};
