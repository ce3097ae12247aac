import type { Observable } from 'rxjs';
import type { PlantNode, ServedNodes } from '../node.ts';

/** Whom a command can be for: an entity of the bus, and what stands behind it. */
export interface Addressee {
  /** Four levels: `device/bl07_eth1//`, `device/main/service/bl07-ioc`. */
  readonly topicId: string;
  /** The controller of a plant; undefined of the IOC itself. */
  readonly node?: PlantNode;
  /** The plant of the controller. */
  readonly plant?: ServedNodes;
}

/** All to whom commands can come, as they are now. */
export interface Addressees {
  find(topicId: string): Addressee | undefined;
  all(): Iterable<Addressee>;
  /** Emits when addressees came, went or changed. */
  readonly changed$: Observable<void>;
}
