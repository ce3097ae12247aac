import { clearChannel } from './clear-channel.ts';
import { clientName } from './client-name.ts';
import type { Command } from './command.ts';
import { createChan } from './create-chan.ts';
import { echo } from './echo.ts';
import { eventAdd } from './event-add.ts';
import { eventCancel } from './event-cancel.ts';
import { eventsOff } from './events-off.ts';
import { eventsOn } from './events-on.ts';
import { hostName } from './host-name.ts';
import { read } from './read.ts';
import { readNotify } from './read-notify.ts';
import { readSync } from './read-sync.ts';
import { search } from './search.ts';
import { version } from './version.ts';
import { write } from './write.ts';
import { writeNotify } from './write-notify.ts';

/** Every command that a client may send over TCP (facts/ca.md section 2). */
export const commands: readonly Command[] = [
  ...[version, clientName, hostName, search, createChan, clearChannel, echo, readSync],
  ...[read, readNotify, write, writeNotify, eventAdd, eventCancel, eventsOff, eventsOn],
];

const table: (Command | undefined)[] = Array.from({ length: 28 }, (_, id) =>
  commands.find((command) => command.id === id),
);

/** The command of a number; undefined for those that no client may send. */
export function commandOf(id: number): Command | undefined {
  return table[id];
}
