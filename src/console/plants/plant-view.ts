/** A node of a plant as the console shows it. */
export interface PlantNode {
  /** What its PV names begin with. */
  readonly path: string;
  /** Levels below the I/O server, which is 0. */
  readonly depth: number;
  readonly kind: 'server' | 'device' | 'slave';
  /** `EL3104`, `EtherCAT Master` */
  readonly type: string;
  /** As the plant calls it. */
  readonly name: string;
  /** EtherCAT station address of a slave. */
  readonly address?: number;
  /** `OP`, `SAFEOP, error`; empty of what has none. */
  readonly state: string;
  /** `good`, `missing link, port B`; empty of what has none. */
  readonly link: string;
  /** CRC errors of ports A to D. */
  readonly crc?: readonly number[];
  /** What is wrong with it; undefined when nothing is. */
  readonly fault?: string;
}

/** A plant as the console shows it. */
export interface PlantView {
  /** Prefix of its PVs. */
  readonly name: string;
  /** Where it is: host and port, or NetId. */
  readonly where: string;
  /** How the IOC stands to it, what is wrong with it, and when it was lost last, in words. */
  status(): { readonly state: string; readonly text: string; readonly lastLoss: string };
  /** Parents first. */
  nodes(): Iterable<PlantNode>;
}
