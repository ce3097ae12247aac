import type { PlantNodes, ServedNodes } from './bus/index.ts';
import { isUp, rosterChanges } from './pipeline/index.ts';
import type { ServedPlant } from './plants.ts';

/** What of a served plant its nodes are made of. */
export type RosteredPlant = Pick<ServedPlant, 'name' | 'prefix' | 'status' | 'roster'>;

/** The plants of a running IOC by their nodes; one whose roster is not kept has none. */
export function plantNodes(plants: readonly RosteredPlant[]): PlantNodes {
  return { plants: plants.map(servedNodes), changed$: rosterChanges(plants) };
}

function servedNodes({ name, prefix, status, roster }: RosteredPlant): ServedNodes {
  return {
    ...{ name, prefix },
    get nodes() {
      return roster?.controllers ?? [];
    },
    get link() {
      return { isUp: isUp(status), text: status.text };
    },
  };
}
