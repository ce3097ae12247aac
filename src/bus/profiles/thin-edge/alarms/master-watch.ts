import { EtherCatState, etherCatStateOf, type Slot, stateText } from '../../../../model/index.ts';
import type { Entity } from '../entity.ts';
import { ErrorAlarm } from './error-alarm.ts';
import { stateSeverity } from './slave-watch.ts';
import { present, type Watch, type WatchMeans } from './watch.ts';

/** A master: its EtherCAT state, its frames, and whether the bus is as configured. */
export class MasterWatch implements Watch {
  readonly entity: Entity;
  readonly slots: readonly Slot[];
  readonly #means: WatchMeans;
  readonly #state: Slot | undefined;
  readonly #cyclic: Slot | undefined;
  readonly #acyclic: Slot | undefined;
  readonly #configured: Slot | undefined;
  readonly #seen: Slot | undefined;
  readonly #lostFrames: ErrorAlarm;
  #lastState: number | undefined;

  constructor(entity: Entity, means: WatchMeans) {
    const slot = (name: string) => means.values.slotOf(entity, name);
    this.entity = entity;
    this.#means = means;
    this.#state = slot('master_state');
    this.#cyclic = slot('lost_cyclic_frames');
    this.#acyclic = slot('lost_acyclic_frames');
    this.#configured = slot('slave_count');
    this.#seen = slot('inputs_slave_count');
    this.#lostFrames = new ErrorAlarm(means, entity, {
      ...{ alarm: 'frame_loss', event: 'frame_loss', what: 'lost frames' },
      lowest: 'minor',
    });
    const counters = [this.#cyclic, this.#acyclic, this.#configured, this.#seen];
    this.slots = present([this.#state, ...counters]);
  }

  look(): boolean {
    const { values } = this.#means;
    this.#lookAtState();
    this.#lookAtTopology();
    const [cyclic, acyclic] = [values.number(this.#cyclic), values.number(this.#acyclic)];
    const isTold = cyclic !== undefined || acyclic !== undefined;
    const total = isTold ? (cyclic ?? 0) + (acyclic ?? 0) : undefined;
    return this.#lostFrames.look(total, values.time(this.#cyclic ?? this.#acyclic));
  }

  #lookAtState(): void {
    const { values, book, causes, tell } = this.#means;
    const state = values.raw(this.entity, 'master_state', this.#state);
    if (state === undefined) return;
    const time = values.time(this.#state);
    const severity = stateSeverity(state);
    const text = `${this.entity.name} is in ${stateText(state)}`;
    causes.note(this.entity, 'not_operational', etherCatStateOf(state) !== EtherCatState.op);
    book.set(this.entity, 'not_operational', severity && { severity, text, time });
    const from = this.#lastState;
    this.#lastState = state;
    if (from === undefined || from === state) return;
    const facts = { from: stateText(from), to: stateText(state), alState: state };
    const change = `${this.entity.name}: ${facts.from} → ${facts.to}`;
    tell(this.entity, 'al_state', { text: change, time, ...facts });
  }

  /** A master that keeps no count of the slaves that it sees says 0. */
  #lookAtTopology(): void {
    const { values, book } = this.#means;
    const [configured, seen] = [values.number(this.#configured), values.number(this.#seen)];
    if (configured === undefined || seen === undefined || seen === 0) return;
    const text = `${this.entity.name} sees ${seen} slaves of ${configured}`;
    const condition = { severity: 'major', text, time: values.time(this.#seen) } as const;
    book.set(this.entity, 'topology_mismatch', seen === configured ? undefined : condition);
  }
}
