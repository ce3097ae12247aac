import { Observable } from 'rxjs';

/** Who wants to know when something changed. */
export class Hearers {
  /** Emits at each change from the subscription on. */
  readonly told$: Observable<void>;
  readonly #all = new Set<() => void>();

  constructor() {
    this.told$ = new Observable((subscriber) => {
      const hear = () => subscriber.next();
      this.#all.add(hear);
      return () => this.#all.delete(hear);
    });
  }

  tell(): void {
    for (const hear of this.#all) hear();
  }
}
