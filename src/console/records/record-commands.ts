import type { Command } from '../command.ts';
import { factCommands } from './field-facts.ts';
import { listingCommands } from './listing.ts';
import { printCommands } from './print-record.ts';
import type { RecordsView } from './records-view.ts';
import { valueCommands } from './values.ts';

/** What a shell can do with records. */
export function recordCommands(view: RecordsView): readonly Command[] {
  return [
    ...listingCommands(view),
    ...printCommands(view),
    ...valueCommands(view),
    ...factCommands(view),
  ];
}
