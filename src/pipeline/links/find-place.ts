import type { AmsPort } from '../../ads/index.ts';
import { byteLength, u16 } from '../../model/index.ts';
import { COE_GROUP, coeOffset, type SlaveFacts } from '../../twincat/index.ts';
import { definedType, isProtected } from '../objects.ts';
import { slaveKey } from '../residents.ts';
import type { Session } from '../session.ts';
import type { AdsItem, AdsLink } from './ads-link.ts';
import { findSymbol, problem } from './find-symbol.ts';
import type { Found } from './found.ts';

/**
 * Where a link leads, as the plant is now. Rejects with `pipeline/link` for what is wrong with the
 * link alone, with an AdsError for what a server answered.
 */
export async function findPlace(session: Session, link: AdsLink): Promise<Found> {
  const target = { netId: session.plant.options.netId, port: link.port };
  const { item } = link;
  switch (item.kind) {
    case 'symbol':
      return findSymbol(session.link, target, item.name, link);
    case 'raw': {
      // The address was refused without a type.
      const datatype = link.datatype ?? u16;
      const { group, offset } = item;
      return { target, group, offset, length: byteLength(datatype), datatype, isHandle: false };
    }
    case 'coe':
      return findObject(session, link, item);
    case 'state':
      return {
        ...{ target, group: 0, offset: 0, length: 2, datatype: u16, isHandle: false },
        readOnly: 'the state of a server is read-only here',
      };
  }
}

function findObject(
  { plant, current }: Session,
  { datatype: wanted }: AdsLink,
  { slave: name, index, subindex }: Extract<AdsItem, { kind: 'coe' }>,
): Found {
  const { options, facts } = plant;
  if (!facts) throw problem('the slaves of the plant are not known yet');
  const found = facts.devices.flatMap(({ id, netId, slaves }) =>
    slaves.filter((slave) => isCalled(slave, name)).map((slave) => ({ id, netId, slave })),
  );
  const [only, other] = found;
  if (!only) throw problem(`there is no slave ${name}`);
  if (other) throw problem(`several masters have a slave ${name}: give its name in TwinCAT`);
  const { slave, netId } = only;
  const absent = current?.refusal(slaveKey(only.id, slave.name));
  if (absent !== undefined) throw problem(absent);
  const definition = options.definitions.get(slave.type);
  const datatype = wanted ?? definedType(definition, { index, subindex });
  const object = `${hex(index, 4)}:${hex(subindex, 2)} of ${slave.name}`;
  if (!datatype) throw problem(`nobody knows what ${object} is: add TYPE= to the link`);
  return {
    ...{ target: { netId, port: slave.address as AmsPort }, group: COE_GROUP, isHandle: false },
    ...{ offset: coeOffset({ index, subindex }), length: byteLength(datatype), datatype },
    ...(isProtected(definition, index, options.tree?.coeWritable) && {
      readOnly: `${object} is calibration or vendor data: plant.coe.writable must name it`,
    }),
  };
}

function isCalled(slave: SlaveFacts, name: string | number): boolean {
  return typeof name === 'number' ? slave.address === name : slave.name === name;
}

function hex(n: number, digits: number): string {
  return n.toString(16).toUpperCase().padStart(digits, '0');
}
