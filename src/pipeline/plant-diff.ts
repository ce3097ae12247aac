import type { DeviceFacts, PlantFacts, SlaveFacts } from '../twincat/index.ts';

/** What became of a slave or a device between two looks, and a sentence that says so. */
export interface PlantChange {
  /** `exchanged`: another product under the same name; `changed`: serial number, address, place. */
  readonly kind: 'added' | 'removed' | 'replaced' | 'exchanged' | 'changed';
  readonly text: string;
}

/** What changed between two looks at a plant: one change for each slave or device. */
export function plantDiff(before: PlantFacts, after: PlantFacts): PlantChange[] {
  const news = after.devices.filter(({ id }) => !before.devices.some((old) => old.id === id));
  return [
    ...before.devices.flatMap((old): PlantChange[] => {
      const now = after.devices.find(({ id }) => id === old.id);
      return now ? deviceDiff(old, now) : [{ kind: 'removed', text: `device ${old.name} removed` }];
    }),
    ...news.map(({ name, slaves }): PlantChange => {
      return { kind: 'added', text: `device ${name} added, ${slaves.length} slaves` };
    }),
  ];
}

function deviceDiff(before: DeviceFacts, after: DeviceFacts): PlantChange[] {
  const old = new Map(before.slaves.map((slave, index) => [slave.name, { slave, index }]));
  const now = new Map(after.slaves.map((slave, index) => [slave.name, { slave, index }]));
  const gone = before.slaves.filter(({ name }) => !now.has(name));
  const come = after.slaves.filter(({ name }) => !old.has(name));
  const replaced = gone.flatMap((was) => {
    const by = come.find(({ address }) => address === was.address);
    return by ? [{ was, by }] : [];
  });
  const isReplaced = (slave: SlaveFacts) =>
    replaced.some(({ was, by }) => was === slave || by === slave);
  const told = (kind: PlantChange['kind'], slaves: readonly SlaveFacts[]) =>
    slaves
      .filter((slave) => !isReplaced(slave))
      .map(({ name }): PlantChange => ({ kind, text: `${name} ${kind}` }));
  const kept = after.slaves.flatMap((slave, index) => {
    const was = old.get(slave.name);
    return was ? changes(was, { slave, index }) : [];
  });
  return [
    ...replaced.map(({ was, by }): PlantChange => {
      return { kind: 'replaced', text: `${box(was)} replaced: ${was.type} -> ${by.type}` };
    }),
    ...told('removed', gone),
    ...told('added', come),
    ...kept,
  ];
}

type At = { readonly slave: SlaveFacts; readonly index: number };

/** What became of a slave that is in both, position aside unless its neighbours changed too. */
function changes(was: At, now: At): PlantChange[] {
  const { name, identity: a, address } = was.slave;
  const b = now.slave.identity;
  const isOther = a.vendor !== b.vendor || a.product !== b.product;
  if (isOther) {
    const text = `${name} exchanged: product ${hex(a.product)} -> ${hex(b.product)}`;
    return [{ kind: 'exchanged', text }];
  }
  const parts = [
    ...(a.serial !== b.serial ? [`serial number ${a.serial} -> ${b.serial}`] : []),
    ...(a.revision !== b.revision ? [`revision ${hex(a.revision)} -> ${hex(b.revision)}`] : []),
    ...(address !== now.slave.address ? [`address ${address} -> ${now.slave.address}`] : []),
    ...(was.index !== now.index ? [`place on the bus ${was.index} -> ${now.index}`] : []),
  ];
  return parts.length > 0
    ? [{ kind: 'changed', text: `${name} changed: ${parts.join(', ')}` }]
    : [];
}

/** `Term 12` of `Term 12 (EL3104)`. */
function box({ name, type }: SlaveFacts): string {
  return name.replace(` (${type})`, '');
}

function hex(n: number): string {
  return `0x${n.toString(16).padStart(8, '0')}`;
}
