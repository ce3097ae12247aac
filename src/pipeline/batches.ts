import { auditTime, ignoreElements, type Observable, tap } from 'rxjs';
import type { Plant } from './plant.ts';

/** Gives the records what changed, at most once per flush period. */
export function batches(
  plant: Plant,
  changes$: Observable<unknown>,
  prepare: () => void,
): Observable<unknown> {
  return changes$.pipe(
    auditTime(plant.options.update.flush * 1000),
    tap(() => {
      plant.counters.batches++;
      plant.memory.look();
      // Values of which every sample counts go through the records sample by sample.
      for (let isMore = true; isMore; ) {
        isMore = plant.image.replay();
        prepare();
        plant.directory.flush();
      }
    }),
    ignoreElements(),
  );
}
