import type { RecordTable } from '../../records/index.ts';
import type { Command } from '../command.ts';
import { linkCommands } from './link-commands.ts';
import { scanCommands } from './scan-commands.ts';
import { stateCommands } from './state-commands.ts';

/** What a shell can show and do of how records process. */
export function engineCommands(table: RecordTable): readonly Command[] {
  return [...scanCommands(table), ...linkCommands(table), ...stateCommands(table.states)];
}
