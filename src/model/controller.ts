import type { Attribute } from './attribute.ts';

/** What a node of the tree stands for; a box is an EtherCAT box that opens a node but is a leaf. */
export type ControllerKind = 'server' | 'device' | 'coupler' | 'box' | 'terminal';

/** A node of the plant: I/O server → EtherCAT devices → couplers → terminals. */
export interface Controller<Source = unknown> {
  readonly kind: ControllerKind;
  /** Device id on the I/O server, or the station address of a slave; 0 for the server. */
  readonly id: number;
  /** `EL3104`, `EtherCAT Master`, `I/O Server`. */
  readonly type: string;
  /** As the plant calls it: `Term 5 (EL3104)`. */
  readonly name: string;
  /** Node number within the device (0 before the first coupler), and place within the node. */
  readonly node: number;
  readonly position: number;
  readonly attributes: readonly Attribute<Source>[];
  readonly children: readonly Controller<Source>[];
}

/** Every controller below and including this one with its ancestors, parents first. */
export function* walk<S>(
  controller: Controller<S>,
  ancestors: readonly Controller<S>[] = [],
): Generator<{ controller: Controller<S>; ancestors: readonly Controller<S>[] }> {
  yield { controller, ancestors };
  for (const child of controller.children) yield* walk(child, [...ancestors, controller]);
}
