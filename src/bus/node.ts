import type { Observable } from 'rxjs';
import type { Attribute, ControllerKind } from '../model/index.ts';

/** What is burnt into a slave, or what a master says of itself. */
export interface NodeIdentity {
  readonly vendor: number;
  readonly product: number;
  readonly revision: number;
  readonly serial: number;
}

/** An attribute of the plant by the PVs that serve it. */
export interface NodeAttribute {
  readonly attribute: Attribute;
  /** The PV that tells how it is: the read-back where there is one; undefined of commands. */
  readonly value: string | undefined;
  /** The PV that takes wishes; undefined where nothing can be put. */
  readonly setpoint: string | undefined;
}

/** A controller of a plant, as its PVs serve it. */
export interface PlantNode {
  /** What the names of its PVs begin with: `BL07:ETH1:RIO2:MOD3`. Stable, and unique in the IOC. */
  readonly path: string;
  /** Path of the node above; undefined of the server. */
  readonly parent: string | undefined;
  readonly kind: ControllerKind;
  /** `EL3104` */
  readonly type: string;
  /** As TwinCAT calls it: `Term 5 (EL3104)`. */
  readonly name: string;
  /** Device id, or the station address of a slave; 0 of the server. */
  readonly id: number;
  readonly node: number;
  readonly position: number;
  /** What it is for, in words. */
  readonly description: string;
  readonly identity?: NodeIdentity;
  /** AMS NetId, of servers and masters. */
  readonly netId?: string;
  /** Made anew at each look: ask once per change. */
  readonly attributes: readonly NodeAttribute[];
}

/** A plant that the IOC serves. */
export interface ServedNodes {
  /** Of the plant in the configuration. */
  readonly name: string;
  readonly prefix: string;
  /** Parents first; empty until the plant was found once. Slaves that are gone stay, as their PVs do. */
  readonly nodes: readonly PlantNode[];
  /** The link to the plant, now. */
  readonly link: { readonly isUp: boolean; readonly text: string };
}

/** The plants of this IOC. */
export interface PlantNodes {
  readonly plants: readonly ServedNodes[];
  /** Emits when nodes came, went or changed, or a link did. */
  readonly changed$: Observable<void>;
}
