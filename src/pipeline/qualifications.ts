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

/**
 * Values that others qualify: a wrong working counter makes the values of its slave INVALID, in the
 * same batch. What a qualifier said last holds until it says something else, so that the return of
 * a plant shows no value as good before it is known to be.
 */
export class Qualifications {
  readonly #image: ProcessImage;
  readonly #cases = new Map<Slot, Case>();
  #clauses = new Map<Slot, Clause[]>();
  /** By slot: whether anything depends on it. */
  #isSubject = new Uint8Array(0);

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
    this.#isSubject = new Uint8Array(0);
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
  /** Before a batch: what changed qualifiers say of their values. */
  judge(): void {
    const { dirty, dirtyCount } = this.#image;
    const isSubject = this.#isSubject;
    for (let i = 0; i < dirtyCount; i++) if (isSubject[dirty[i]!] === 1) this.#ask(dirty[i]!);
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
    qualifiers.forEach(({ attribute }, index) => {
      const subject = slots.get(attribute) ?? -1;
      const clauses = this.#clauses.get(subject) ?? [];
      this.#clauses.set(subject, clauses);
      clauses.push({ of: bound, index });
      this.#mark(subject);
    });
    if (!isSame) this.#settle(bound, slot);
  }

  #mark(subject: Slot): void {
    if (subject >= this.#isSubject.length) {
      const grown = new Uint8Array(Math.max(subject + 1, this.#isSubject.length * 2, 64));
      grown.set(this.#isSubject);
      this.#isSubject = grown;
    }
    this.#isSubject[subject] = 1;
  }

  #ask(subject: Slot): void {
    const image = this.#image;
    if (image.quality[subject] !== Quality.good) return;
    const raw = image.number(subject);
    for (const { of, index } of this.#clauses.get(subject) ?? []) {
      const qualifier = of.qualifiers[index];
      if (!qualifier) continue;
      const isNow = isTrouble(qualifier, raw);
      if (of.inTrouble[index] === isNow) continue;
      of.inTrouble[index] = isNow;
      this.#settle(of, subject);
    }
  }

  /** The gravest of what the qualifiers say, the first of equals, at the time of the one that spoke. */
  #settle({ slot, qualifiers, inTrouble }: Case, spoke: Slot): void {
    const image = this.#image;
    let worst: Qualifier | undefined;
    qualifiers.forEach((each, index) => {
      if (inTrouble[index] && each.severity > (worst?.severity ?? 0)) worst = each;
    });
    const alarm = worst ? (worst.severity << 8) | worst.status : 0;
    const seconds = image.seconds[spoke] ?? 0;
    image.setAlarm(slot, alarm, worst?.attribute ?? '', seconds, image.nanoseconds[spoke] ?? 0);
  }
}

function keyOf({ attribute, status, severity }: Qualifier): string {
  return `${attribute} ${status} ${severity}`;
}
