import { IocError } from '../kernel/index.ts';
import type { Chain } from '../model/index.ts';
import { Bus } from './bus.ts';
import { type Area, Image } from './image.ts';
import { type Definitions, type Layout, layoutOf } from './layout.ts';
import { SymbolNames } from './symbol-names.ts';

/** What a download puts into a TwinCAT: terminals, their places in memory, and the memory. */
export interface Configuration {
  readonly chain: Chain;
  readonly layout: Layout;
  readonly image: Image;
  readonly names: SymbolNames;
  readonly buses: readonly Bus[];
}

/** Of the bytes in gaps; who writes to a place that is no more changes some of them. */
export const CANARY = 0xca;

/** After so many changes gaps begin small again. */
const MOST_GAPS = 16;

/** The first configuration of a plant. */
export function configured(chain: Chain, definitions: Definitions, frames: number): Configuration {
  const buses = chain.devices.map((device) => new Bus(device, definitions, frames));
  return { chain, buses, ...memory(layoutOf(chain, definitions, { frames })) };
}

/** The same plant with other terminals; what stays keeps its state and values. */
export function reconfigured(
  before: Configuration,
  chain: Chain,
  definitions: Definitions,
): Configuration {
  const frames = before.buses[0]?.frames ?? 1;
  const old = new Map(before.buses.map((bus) => [bus.facts.id, bus]));
  const buses = chain.devices.map(
    (device) => new Bus(device, definitions, frames, old.get(device.id)),
  );
  const after = { chain, buses, ...memory(layoutOf(chain, definitions, { frames })) };
  keepValues(before, after);
  return after;
}

/**
 * The same terminals at other places: before the process data of a slave lies a gap as large as
 * all that follows it, so that each old place from there on is in the gap. Throws
 * `simulator/no-target` when there is no such slave.
 */
export function moved(
  before: Configuration,
  definitions: Definitions,
  { slave, change }: { readonly slave: string; readonly change: number },
): Configuration {
  const { chain, buses } = before;
  const frames = buses[0]?.frames ?? 1;
  const plain = layoutOf(chain, definitions, { frames });
  // As much again with each change: places of the change before are in the gap as well.
  const times = (change % MOST_GAPS) + 1;
  const bytes = {
    outputs: times * rest(plain, chain, slave, 'outputs'),
    inputs: times * rest(plain, chain, slave, 'inputs'),
  };
  const layout = layoutOf(chain, definitions, { frames, gap: { before: slave, bytes } });
  const after = { chain, buses, ...memory(layout) };
  keepValues(before, after);
  return after;
}

/** The bytes of all gaps, as they are now. */
export function canary({ layout, image }: Configuration): Uint8Array {
  const parts = layout.gaps.map(({ area, byte, bytes }) => {
    const from = image.at(area, byte * 8, 8).byte;
    return image.bytes.subarray(from, from + bytes);
  });
  return Buffer.concat(parts);
}

function memory(layout: Layout): Pick<Configuration, 'layout' | 'image' | 'names'> {
  const image = new Image(layout.sizes);
  for (const { area, byte, bytes } of layout.gaps) {
    const from = image.at(area, byte * 8, 8).byte;
    image.bytes.fill(CANARY, from, from + bytes);
  }
  return { layout, image, names: new SymbolNames(layout, image) };
}

/** Bytes of an area from the process data of a slave on. */
function rest(layout: Layout, chain: Chain, name: string, area: Area): number {
  const order = chain.devices.flatMap(({ slaves }) => slaves);
  const from = order.findIndex((slave) => slave.name === name);
  if (from < 0) {
    throw new IocError('simulator/no-target', `The simulated plant has no slave "${name}" to move`);
  }
  const later = new Set(order.slice(from));
  const first = layout.variables.find(
    ({ owner, area: its }) => its === area && (owner.slave === undefined || later.has(owner.slave)),
  );
  return first === undefined ? 0 : layout.sizes[area] - Math.floor(first.bit / 8);
}

/** Variables of the same name, type and size keep what they hold. */
function keepValues(before: Configuration, after: Configuration): void {
  for (const { name, typeName, bits } of after.layout.variables) {
    const old = before.names.find(name);
    if (old?.variable.typeName !== typeName || old.variable.bits !== bits) continue;
    after.image.write(after.names.resolve(name).location, before.image.read(old.location));
  }
}
