import { filter, map, type Observable, share } from 'rxjs';
import type { Scope } from '../../../kernel/index.ts';
import type { NodeAttribute, PlantNode, PlantNodes } from '../../node.ts';
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
  return a.length === b.length && a.every((node, i) => isSame(node, b[i]));
}

/** A plant that is looked at again has other objects for what is as it was. */
function isSame(a: PlantNode, b: PlantNode | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.attributes.length !== b.attributes.length) return false;
  const { attributes, identity, ...facts } = a;
  const isAlike = Object.entries(facts).every(
    ([key, value]) => b[key as keyof PlantNode] === value,
  );
  return (
    isAlike &&
    JSON.stringify(identity) === JSON.stringify(b.identity) &&
    attributes.every((attribute, i) => isSameAttribute(attribute, b.attributes[i]))
  );
}

function isSameAttribute(a: NodeAttribute, b: NodeAttribute | undefined): boolean {
  return (
    a.value === b?.value && a.setpoint === b?.setpoint && a.attribute.name === b?.attribute.name
  );
}
