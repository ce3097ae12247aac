import type { Attribute, ControllerKind } from '../../../model/index.ts';

/**
 * Where an attribute's value goes: process values to `m/io`, diagnosis to `m/diag`, CoE objects to
 * `m/coe`; what never changes to the twin alone, commands nowhere.
 */
export type DataType = 'io' | 'diag' | 'coe' | 'fixed' | 'command';

/** Attributes that are known since discovery (src/twincat: server-, device-, slave-attributes). */
const fixed = new Set(
  (
    'function parent_dev_id type name address identity node position parent_slave parent_address ' +
    'parent_port id netid version build dev_count node_count'
  ).split(' '),
);

/** What tells of a slave itself, not of what is wired to it. */
const diagnosis =
  /^(state_machine|link_status|ecat_state|crc_error_(port_[a-d]|sum|rate)|lost_link_(port_[a-d]|rate)|wcstate|infodata_state)$/;

/** Which data an attribute is, of a controller of this kind. */
export function dataTypeOf(kind: ControllerKind, { name, access }: Attribute): DataType {
  if (access === 'w') return 'command';
  if (fixed.has(name)) return 'fixed';
  if (kind === 'server' || kind === 'device' || diagnosis.test(name)) return 'diag';
  return /_idx[0-9a-f]{4}$/.test(name) ? 'coe' : 'io';
}
