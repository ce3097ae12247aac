import { AlarmStatus, EtherCatState, type Qualifier, Severity } from '../model/index.ts';
import type { PlantAttribute } from './plant-attribute.ts';

/**
 * Values of a slave out of the cycle are old: its working counter is wrong, it is not in OP, or
 * nothing new comes of it.
 */
const ofSlave: readonly Qualifier[] = [
  {
    attribute: 'wcstate',
    trouble: [1],
    status: AlarmStatus.comm,
    severity: Severity.invalid,
  },
  {
    attribute: 'ecat_state',
    trouble: { except: [EtherCatState.op] },
    status: AlarmStatus.comm,
    severity: Severity.invalid,
  },
  {
    // The low byte is the state with its error bits; 0 is what a server shows that keeps none.
    attribute: 'infodata_state',
    trouble: { except: [0, EtherCatState.op], mask: 0xff },
    status: AlarmStatus.comm,
    severity: Severity.invalid,
  },
  {
    attribute: 'input_toggle',
    trouble: 'standstill',
    status: AlarmStatus.timeout,
    severity: Severity.invalid,
  },
];

/** Process data of one slave, qualified by its health and by `own` qualifiers of each attribute. */
export function qualified(
  attributes: readonly PlantAttribute[],
  health: readonly PlantAttribute[],
): PlantAttribute[] {
  const names = new Set(health.map(({ name }) => name));
  const slave = ofSlave.filter(({ attribute }) => names.has(attribute));
  if (slave.length === 0) return [...attributes];
  return attributes.map((each) => {
    // The value of a toggle means nothing.
    if (each.toggles) return each;
    return { ...each, qualifiers: each.qualifiers ? [...slave, ...each.qualifiers] : slave };
  });
}
