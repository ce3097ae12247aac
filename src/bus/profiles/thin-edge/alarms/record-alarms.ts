import { AlarmStatus, Severity, type Slot } from '../../../../model/index.ts';
import type { PvDirectory } from '../../../../pv/index.ts';
import { statusWord } from '../../../alarm-words.ts';
import type { Entity } from '../entity.ts';
import type { AlarmSeverity, AlarmType, Condition } from './condition.ts';
import type { WatchMeans } from './watch.ts';

const severityWords = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'];

type Watched = { readonly entity: Entity; readonly type: AlarmType; readonly pv: string };

/** Alarms of the records of each entity's values, as `pv_<attribute>`. */
export class RecordAlarms {
  readonly #directory: PvDirectory;
  readonly #means: Pick<WatchMeans, 'book' | 'values' | 'rules'>;
  readonly #watched = new Map<Slot, Watched>();

  constructor(directory: PvDirectory, means: Pick<WatchMeans, 'book' | 'values' | 'rules'>) {
    this.#directory = directory;
    this.#means = means;
  }

  /** Slots to look at when their alarm changes. */
  get slots(): Iterable<Slot> {
    return this.#watched.keys();
  }

  /** Watches the values of these entities, and no others any more. */
  serve(entities: readonly Entity[]): void {
    this.#watched.clear();
    for (const entity of entities) {
      for (const { id, source } of entity.attributes) {
        const pv = source.value;
        const slot = pv === undefined ? undefined : this.#directory.find(pv)?.slot;
        // That of the identity says what the alarm `identity_mismatch` says.
        const isSaid = source.attribute.name === 'identity';
        if (pv === undefined || slot === undefined || isSaid) continue;
        this.#watched.set(slot, { entity, type: `pv_${id}`, pv });
      }
    }
    for (const slot of this.#watched.keys()) this.look(slot);
  }

  look(slot: Slot): void {
    const watched = this.#watched.get(slot);
    if (!watched) return;
    const { entity, type } = watched;
    this.#means.book.set(entity, type, this.#condition(slot, watched));
  }

  #condition(slot: Slot, { pv }: Watched): Condition | undefined {
    const { columns } = this.#directory;
    const status = columns.status[slot] ?? 0;
    const severity = columns.severity[slot] ?? 0;
    // What was never read is not wrong.
    if (severity === Severity.noAlarm || status === AlarmStatus.udf) return undefined;
    const message = String(this.#directory.find(`${pv}.AMSG`)?.read() ?? '');
    const value = this.#means.values.number(slot);
    const words = { severity: severityWords[severity] ?? '', status: statusWord(status) };
    const text = `${pv}: ${words.status} ${words.severity}${message === '' ? '' : `, ${message}`}`;
    return {
      ...{ severity: this.#severity(severity), text, time: this.#means.values.time(slot) },
      isConsequence: severity === Severity.invalid,
      epics: {
        ...{ pv, ...words },
        ...(message !== '' && { message }),
        ...(value !== undefined && { value }),
      },
    };
  }

  #severity(severity: number): AlarmSeverity {
    const { minor, major, invalid } = this.#means.rules.severities;
    return severity === Severity.minor ? minor : severity === Severity.major ? major : invalid;
  }
}
