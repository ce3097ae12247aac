import type { Log } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';
import type { RecordTable } from './records/index.ts';

/** Names that the log gives. */
const MOST_NAMES = 10;

/**
 * Records of which databases say something although nobody made them: mistyped, or of a terminal
 * that is not there.
 */
export class AwaitedRecords {
  readonly rows: readonly StatusRow[];
  readonly #records: RecordTable;
  readonly #log: Log;
  #told = '';

  constructor(records: RecordTable, log: Log) {
    this.#records = records;
    this.#log = log;
    this.rows = [
      countRow('AwaitedRecords', 'Records that databases await', () => this.#names().length),
    ];
  }

  /** To be called when the plants have brought what they have: the log names them, once. */
  tell(): void {
    const names = this.#names();
    const all = names.join(', ');
    if (all !== '' && all !== this.#told) {
      const some = names.slice(0, MOST_NAMES).join(', ');
      const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
      this.#log.warn(
        `databases say something of records that are not there: ${some}${more} (mistyped, or of terminals that are not there?)`,
      );
    }
    this.#told = all;
  }

  #names(): string[] {
    return [...this.#records.awaited()];
  }
}
