import type { Clock } from '../../kernel/index.ts';
import type { PvDirectory, PvValue } from '../../pv/index.ts';
import { type Report, SaveStatus } from './options.ts';
import type { Restorer } from './restorer.ts';
import type { SaveSet } from './save-set.ts';

/** Sets that have status PVs of their own. */
export const STATUS_SETS = 8;

const origin = { user: 'autosave', host: 'localhost' };

/** Bits of SR_n_State. */
const states = { periodic: 1, triggered: 2, monitored: 12, manual: 16 } as const;

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The PVs by which autosave tells how it fares, and is told to pause: those that are there. */
export class StatusPvs {
  readonly #directory: PvDirectory;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #told = new Map<string, PvValue>();
  #disabledAt: number | undefined;
  #heartbeat = 0;

  constructor(directory: PvDirectory, prefix: string, clock: Clock, signal: AbortSignal) {
    this.#directory = directory;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Whether a client disabled saving; for SR_disableMaxSecs at most. */
  get isDisabled(): boolean {
    if (Number(this.#read('SR_disable')) !== 1) {
      this.#disabledAt = undefined;
      return false;
    }
    this.#disabledAt ??= this.#clock.monotonic();
    const most = Number(this.#read('SR_disableMaxSecs') ?? 0);
    if ((this.#clock.monotonic() - this.#disabledAt) / 1000 <= most) return true;
    this.#disabledAt = undefined;
    this.#told.delete('SR_disable');
    this.#tell('SR_disable', 0);
    return false;
  }

  /** How restoring went, and when. */
  tellRestored(restorer: Restorer): void {
    const { status, text } = worst(restorer.reports.map(({ report }) => report));
    this.#tell('SR_rebootStatus', status);
    this.#tell('SR_rebootStatusStr', text);
    this.#tell('SR_rebootTime', timeText(this.#clock.now()));
  }

  /** How saving goes. */
  tell(sets: readonly SaveSet[], recently: string): void {
    const { status, text } = worst(sets.map(({ report }) => report));
    this.#heartbeat = 1 - this.#heartbeat;
    this.#tell('SR_status', status);
    this.#tell('SR_heartbeat', this.#heartbeat);
    this.#tell('SR_statusStr', text);
    this.#tell('SR_recentlyStr', recently);
    for (const [index, set] of sets.slice(0, STATUS_SETS).entries()) this.#tellSet(index, set);
  }

  #tellSet(index: number, { report, method, fileName, savedAt }: SaveSet): void {
    this.#tell(`SR_${index}_Status`, report.status);
    this.#tell(`SR_${index}_Name`, fileName.replace(/\.[^.]*$/, ''));
    this.#tell(`SR_${index}_State`, states[method.kind]);
    this.#tell(`SR_${index}_StatusStr`, report.text);
    const isGood = report.status >= SaveStatus.warning;
    if (isGood && savedAt !== undefined) this.#tell(`SR_${index}_Time`, timeText(savedAt));
  }

  #read(name: string): PvValue | undefined {
    return this.#directory.find(this.#prefix + name)?.read();
  }

  /** Puts what is news to a PV, if it is there. */
  #tell(name: string, value: number | string): void {
    if (this.#told.get(name) === value) return;
    const field = this.#directory.find(this.#prefix + name);
    if (!field) return;
    this.#told.set(name, value);
    const text = typeof value === 'string' ? value.slice(0, 39) : value;
    void field.put(text, origin, this.#signal);
  }
}

/** As the C module: the worst that was reported, the last of several. */
function worst(reports: readonly Report[]): Report {
  let found: Report = { status: SaveStatus.ok, text: 'Ok' };
  for (const report of reports) if (report.status <= found.status) found = report;
  return found;
}

/** `Fri Sep 13 00:00:00`, local time. */
function timeText(milliseconds: number): string {
  const time = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${days[time.getDay()]} ${months[time.getMonth()]} ${two(time.getDate())} ${clock}`;
}
