import type { ControllerKind } from '../model/index.ts';
import type { SlaveFacts } from './facts.ts';

/** A slave and where it sits. */
export interface PlacedSlave {
  readonly slave: SlaveFacts;
  readonly kind: ControllerKind;
  /** Place in bus order, from 0: the slave's place in every all-slaves region. */
  readonly index: number;
  readonly node: number;
  readonly position: number;
}

/** Couplers with an E-bus behind them; EK1110, EK1122 and their kin pass the bus on instead. */
const coupler = /^EK1(100|101|300|501|541|8\d\d|9\d\d)(-|$)/;

/** EtherCAT boxes: a node of one. */
const box = /^(EP|EPP|EQ|ER)\d{4}(-|$)/;

/**
 * Nodes and positions of slaves in bus order (facts/ads.md section 11): a coupler or a box opens a
 * node at position 0, what follows counts from 1; slaves ahead of the first are node 0, from 0.
 */
export function placed(slaves: readonly SlaveFacts[]): PlacedSlave[] {
  let node = 0;
  let position = 0;
  return slaves.map((slave, index) => {
    const kind = kindOf(slave.type);
    if (kind !== 'terminal') {
      node++;
      position = 0;
    }
    return { slave, kind, index, node, position: position++ };
  });
}

function kindOf(type: string): ControllerKind {
  if (coupler.test(type)) return 'coupler';
  return box.test(type) ? 'box' : 'terminal';
}
