import type { AmsAddress } from '../../ads/index.ts';
import type { Datatype, EnumLabel } from '../../model/index.ts';

/** Where a link leads in this session, and what lies there. */
export interface Found {
  readonly target: AmsAddress;
  readonly group: number;
  readonly offset: number;
  readonly length: number;
  readonly datatype: Datatype;
  /** The offset is a symbol handle, which is to be given back. */
  readonly isHandle: boolean;
  /** Why nothing can be written there. */
  readonly readOnly?: string;
  /** The names of an enumeration's values. */
  readonly labels?: readonly EnumLabel[];
}
