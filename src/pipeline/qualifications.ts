import {
  type Attribute,
  isTrouble,
  type ProcessImage,
  type Qualifier,
  Quality,
  type Slot,
} from '../model/index.ts';

/** A value, and what each of its qualifiers says; undefined: not heard yet. */
type Case = {
  readonly slot: Slot;
  readonly qualifiers: readonly Qualifier[];
  readonly inTrouble: (boolean | undefined)[];
};

type Clause = { readonly of: Case; readonly index: number };

/** What a slot tells others, as bits: by its value, by not standing still. */
const VALUE = 1;
const TOGGLE = 2;
/** A toggle had a value before: what comes next is a change of it. */
const KNOWN = 4;

/**
 * Values that others qualify: a wrong working counter makes the values of its slave INVALID, in the
 * same batch. What a qualifier said last holds until it says something else, so that the return of
 * a plant shows no value as good before it is known to be.
 */
export class Qualifications {
  readonly #image: ProcessImage;
  readonly #cases = new Map<Slot, Case>();
  #clauses = new Map<Slot, Clause[]>();
  /** By slot: what depends on it. */
  #roles = new Uint8Array(0);
  /** By slot: monotonic milliseconds at which a toggle changed last. */
  #toggledAt = new Float64Array(0);
  readonly #still = new Set<Slot>();

  constructor(image: ProcessImage) {
    this.#image = image;
  }

  /** Values that somebody qualifies. */
  get size(): number {
    return this.#cases.size;
  }

  /** A tree is bound anew: what follows replaces what was bound before. */
  begin(): void {
    this.#clauses = new Map();
    this.#roles.fill(0);
  }

  /** Binds the values of one controller, by the slots that its attributes have. */
  bind(attributes: readonly Attribute[], slots: ReadonlyMap<string, Slot>): void {
    for (const { name, qualifiers = [] } of attributes) {
      const slot = slots.get(name);
      if (slot === undefined) continue;
      const known = qualifiers.filter(({ attribute }) => slots.has(attribute));
      const before = this.#cases.get(slot);
      if (known.length === 0 && !before) continue;
      this.#bindOne(slot, known, slots, before);
    }
  }

  // hot path
  /** Before a batch, at a monotonic time: what changed qualifiers say of their values. */
  judge(now: number): void {
    const { dirty, dirtyCount } = this.#image;
    const roles = this.#roles;
    for (let i = 0; i < dirtyCount; i++) if (roles[dirty[i]!]! > 0) this.#ask(dirty[i]!, now);
  }

  /** Toggles that stand still. */
  get standstills(): number {
    return this.#still.size;
  }

  /** Monotonic milliseconds at which a toggle changed last; 0 for never. */
  toggledAt(toggle: Slot): number {
    return this.#toggledAt[toggle] ?? 0;
  }

  /** Whether values depend on a toggle. */
  needs(toggle: Slot): boolean {
    return ((this.#roles[toggle] ?? 0) & TOGGLE) !== 0;
  }

  isStill(toggle: Slot): boolean {
    return this.#still.has(toggle);
  }

  /** A toggle changed, at a monotonic time. */
  toggled(toggle: Slot, now: number): void {
    this.#toggledAt[toggle] = now;
    if (!this.#still.delete(toggle)) return;
    const { seconds, nanoseconds } = this.#image;
    this.#tell(toggle, standstill(false), seconds[toggle] ?? 0, nanoseconds[toggle] ?? 0);
  }

  /** A toggle was found to stand still, at an EPICS time. */
  standsStill(toggle: Slot, seconds: number, nanoseconds: number): void {
    this.#still.add(toggle);
    this.#tell(toggle, standstill(true), seconds, nanoseconds);
  }

  #bindOne(
    slot: Slot,
    qualifiers: readonly Qualifier[],
    slots: ReadonlyMap<string, Slot>,
    before: Case | undefined,
  ): void {
    const isSame = before?.qualifiers.map(keyOf).join() === qualifiers.map(keyOf).join();
    const inTrouble = before && isSame ? before.inTrouble : qualifiers.map(() => undefined);
    const bound: Case = { slot, qualifiers, inTrouble };
    this.#cases.set(slot, bound);
    qualifiers.forEach(({ attribute, trouble }, index) => {
      const subject = slots.get(attribute) ?? -1;
      const clauses = this.#clauses.get(subject) ?? [];
      this.#clauses.set(subject, clauses);
      clauses.push({ of: bound, index });
      this.#mark(subject, trouble === 'standstill' ? TOGGLE : VALUE);
    });
    const { seconds, nanoseconds } = this.#image;
    if (!isSame) this.#settle(bound, seconds[slot] ?? 0, nanoseconds[slot] ?? 0);
  }

  #mark(subject: Slot, role: number): void {
    if (subject >= this.#roles.length) {
      const size = Math.max(subject + 1, this.#roles.length * 2, 64);
      this.#roles = grown(this.#roles, new Uint8Array(size));
      this.#toggledAt = grown(this.#toggledAt, new Float64Array(size));
    }
    this.#roles[subject] = (this.#roles[subject] ?? 0) | role;
  }

  #ask(subject: Slot, now: number): void {
    const image = this.#image;
    const role = this.#roles[subject] ?? 0;
    if (image.quality[subject] !== Quality.good) {
      this.#roles[subject] = role & ~KNOWN;
      return;
    }
    this.#roles[subject] = role | KNOWN;
    if (role & TOGGLE && role & KNOWN) this.toggled(subject, now);
    if (role & VALUE) {
      const raw = image.number(subject);
      const byValue = (each: Qualifier) =>
        each.trouble === 'standstill' ? undefined : isTrouble(each, raw);
      this.#tell(subject, byValue, image.seconds[subject] ?? 0, image.nanoseconds[subject] ?? 0);
    }
  }

  /** What the qualifiers of a subject say now, at an EPICS time; undefined: nothing new. */
  #tell(
    subject: Slot,
    saysOf: (qualifier: Qualifier) => boolean | undefined,
    seconds: number,
    nanoseconds: number,
  ): void {
    for (const { of, index } of this.#clauses.get(subject) ?? []) {
      const qualifier = of.qualifiers[index];
      const isNow = qualifier && saysOf(qualifier);
      if (isNow === undefined || of.inTrouble[index] === isNow) continue;
      of.inTrouble[index] = isNow;
      this.#settle(of, seconds, nanoseconds);
    }
  }

  /** The gravest of what the qualifiers say, the first of equals, at the time at which one spoke. */
  #settle({ slot, qualifiers, inTrouble }: Case, seconds: number, nanoseconds: number): void {
    let worst: Qualifier | undefined;
    qualifiers.forEach((each, index) => {
      if (inTrouble[index] && each.severity > (worst?.severity ?? 0)) worst = each;
    });
    const alarm = worst ? (worst.severity << 8) | worst.status : 0;
    this.#image.setAlarm(slot, alarm, worst?.attribute ?? '', seconds, nanoseconds);
  }
}

/** What qualifiers by standstill say; the others have nothing to say. */
function standstill(is: boolean): (qualifier: Qualifier) => boolean | undefined {
  return ({ trouble }) => (trouble === 'standstill' ? is : undefined);
}

function keyOf({ attribute, status, severity }: Qualifier): string {
  return `${attribute} ${status} ${severity}`;
}

function grown<T extends Uint8Array | Float64Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}
