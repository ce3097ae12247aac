import { filter, map, type Observable, share } from 'rxjs';
import type { Scope } from '../../../kernel/index.ts';
import type { PlantNode, PlantNodes } from '../../node.ts';
import { type Entities, type EntityRules, entitiesOf } from './entities.ts';

/** The entities of a running IOC, kept as its plants change. */
export interface EntityBook {
  /** Now; another object after each change. */
  readonly entities: Entities;
  /** Emits when there are others; `entities` is the new ones then. */
  readonly changed$: Observable<Entities>;
}

/** Keeps the entities until the scope ends. */
export function keepEntities(nodes: PlantNodes, rules: EntityRules, scope: Scope): EntityBook {
  let known = nodesOf(nodes);
  let entities = entitiesOf(nodes, rules);
  const changed$ = nodes.changed$.pipe(
    map(() => nodesOf(nodes)),
    // Links come and go without a change of the nodes.
    filter((now) => !areSame(known, now)),
    map((now) => {
      known = now;
      entities = entitiesOf(nodes, rules);
      return entities;
    }),
    share(),
  );
  const kept = changed$.subscribe();
  scope.defer(() => kept.unsubscribe());
  return {
    get entities() {
      return entities;
    },
    changed$,
  };
}

function nodesOf({ plants }: PlantNodes): readonly PlantNode[] {
  return plants.flatMap(({ nodes }) => nodes);
}

function areSame(a: readonly PlantNode[], b: readonly PlantNode[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
