import { distinctUntilChanged, map, merge, type Observable, skip, startWith } from 'rxjs';
import type { AmsNetId } from '../ads/index.ts';
import type { Attribute, ControllerKind, Slot } from '../model/index.ts';
import type { RecordTable } from '../records/index.ts';
import type { Identity, PlantController } from '../twincat/index.ts';
import { Hearers } from './hearers.ts';
import type { Lodging } from './lodging.ts';
import { PlantState, type PlantStatus } from './plant-status.ts';
import { SharedAttributes } from './shared-attributes.ts';

/** An attribute and the names of the PVs that serve it. */
export interface ServedAttribute {
  readonly attribute: Attribute;
  /** What the plant says; undefined of commands. */
  readonly value: string | undefined;
  /** What can be put; undefined where nothing can. */
  readonly setpoint: string | undefined;
}

/** The records of an attribute; of a command the value is what is put. */
export type BoundAttribute = { readonly value: Slot; readonly setpoint?: Slot | undefined };

/** A controller of a plant as its PVs serve it; it keeps slots, and makes no names of its own. */
export class ServedController {
  readonly path: string;
  readonly parent: string | undefined;
  readonly kind: ControllerKind;
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly node: number;
  readonly position: number;
  readonly description: string;
  readonly identity?: Identity;
  readonly netId?: AmsNetId;
  readonly #attributes: readonly Attribute[];
  readonly #records: RecordTable;
  /** Slots of value and setpoint by the attribute's place; -1 where there is none. */
  readonly #values: Int32Array;
  readonly #setpoints: Int32Array;

  constructor(
    controller: PlantController,
    lodging: Lodging,
    records: RecordTable,
    shared: SharedAttributes,
  ) {
    const { path, parent, description, identity, netId } = lodging;
    this.path = path;
    this.parent = parent;
    this.kind = controller.kind;
    this.type = controller.type;
    this.name = controller.name;
    this.id = controller.id;
    this.node = controller.node;
    this.position = controller.position;
    this.description = description;
    if (identity) this.identity = identity;
    if (netId !== undefined) this.netId = netId;
    this.#attributes = controller.attributes.map((each) => shared.of(controller.type, each));
    this.#records = records;
    this.#values = new Int32Array(controller.attributes.length).fill(-1);
    this.#setpoints = new Int32Array(controller.attributes.length).fill(-1);
  }

  /** The attributes that are served; a new list each time. */
  get attributes(): readonly ServedAttribute[] {
    const { name } = this.#records.columns;
    const nameOf = (slot = -1) => (slot < 0 ? undefined : name[slot]);
    return this.#attributes.flatMap((attribute, index) => {
      const value = nameOf(this.#values[index]);
      const setpoint = nameOf(this.#setpoints[index]);
      const isServed = value !== undefined || setpoint !== undefined;
      return isServed ? { attribute, value, setpoint } : [];
    });
  }

  /** The records of the attribute at this place among the controller's. */
  serve(index: number, { value, setpoint }: BoundAttribute): void {
    const isCommand = this.#attributes[index]?.access === 'w';
    if (!isCommand) this.#values[index] = value;
    this.#setpoints[index] = (isCommand ? value : setpoint) ?? -1;
  }
}

/**
 * Which controllers of a plant are served as which PVs, for who tells of the plant by its nodes.
 * It keeps what the records do not need, and so is there only where somebody asked for it.
 */
export class Roster {
  readonly changed = new Hearers();
  readonly #shared = new SharedAttributes();
  #controllers: readonly ServedController[] = [];

  /** Parents first; slaves that are gone stay, after the others. */
  get controllers(): readonly ServedController[] {
    return this.#controllers;
  }

  /** A controller that is about to be served. */
  housed(controller: PlantController, lodging: Lodging, records: RecordTable): ServedController {
    return new ServedController(controller, lodging, records, this.#shared);
  }

  /** What a new look at the plant found. */
  take(found: readonly ServedController[]): void {
    const paths = new Set(found.map(({ path }) => path));
    const gone = this.#controllers.filter(({ path }) => !paths.has(path));
    this.#controllers = [...found, ...gone];
    this.changed.tell();
  }
}

/** Whether a plant is there: PVs of what is missing or wrong tell that themselves. */
export function isUp({ state }: Pick<PlantStatus, 'state'>): boolean {
  return state === PlantState.connected || state === PlantState.degraded;
}

/** Emits when the controllers of one of some plants changed, or its link went up or down, or why. */
export function rosterChanges(
  plants: readonly {
    readonly roster: Roster | undefined;
    readonly status: Pick<PlantStatus, 'state' | 'text' | 'changed'>;
  }[],
): Observable<void> {
  const links = plants.map(({ status }) => {
    const link = () => (isUp(status) ? '' : status.text);
    return status.changed.told$.pipe(map(link), startWith(link()), distinctUntilChanged(), skip(1));
  });
  const rosters = plants.flatMap(({ roster }) => roster?.changed.told$ ?? []);
  return merge(...rosters, ...links).pipe(map(() => undefined));
}
