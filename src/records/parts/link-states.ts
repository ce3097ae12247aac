import type { Slot } from '../../model/index.ts';
import type { AccessTable } from '../access/access.ts';
import { derived } from '../access/cells.ts';
import type { Columns } from '../columns.ts';
import { recordTypeOf } from '../registry.ts';

/** Values of INAV to INLV and OUTV. */
const LinkState = { away: 0, there: 1, local: 2, constant: 3 } as const;

/** INAV to INLV, and OUTV: whether links of a calcout lead somewhere. */
export const linkStates: AccessTable = Object.fromEntries(
  [...[...'ABCDEFGHIJKL'].map((letter) => `IN${letter}V`), 'OUTV'].map((field) => [
    field,
    derived((c, slot) => stateOf(c, slot, field === 'OUTV' ? 'OUT' : `INP${field[2]}`)),
  ]),
);

function stateOf(c: Columns, slot: Slot, link: string): number {
  const at = recordTypeOf(c.type[slot] ?? 0).links.indexOf(link);
  const found = c.links[slot]?.[at];
  if (!found || found.isConstant) return LinkState.constant;
  if (found.kind !== 'remote' && found.isConnected) return LinkState.local;
  return found.isConnected ? LinkState.there : LinkState.away;
}
