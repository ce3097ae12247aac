import { CommandId } from '../header.ts';
import { claimedName } from './claimed-name.ts';
import type { Command } from './command.ts';

/** The client says its host, for security and the put log. A claim, not a proof. */
export const hostName: Command = {
  id: CommandId.hostName,
  name: 'HOST_NAME',
  answer(circuit, request) {
    const host = claimedName(circuit, request);
    if (host !== undefined) circuit.access.introduce({ claimedHost: host });
    return undefined;
  },
};
