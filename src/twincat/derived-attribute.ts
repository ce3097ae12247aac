import { arrayOf, type Datatype, decodeValue, f64, u32 } from '../model/index.ts';
import { ratePerSecond, rise } from './bus-diagnosis.ts';
import { ESC_COMMAND_LENGTH, ESC_DATA_OFFSET, isAnswered } from './esc-command.ts';
import { type PlantAttribute, shownOf } from './plant-attribute.ts';
import type { Derive, PlantSource, Reading, Region } from './source.ts';

/** Seconds over which rates are taken. */
const RATE_SPAN = 10;

const perSecond = { unit: '1/s', precision: 3 };

type Derived = Omit<Extract<PlantSource, { kind: 'derived' }>, 'kind'>;

/** Counters of a reading; undefined for those that nobody answered. */
type Counts = (reading: Reading) => readonly (number | undefined)[];

/** An attribute that is computed from regions. */
export function derived(
  name: string,
  description: string,
  datatype: Datatype,
  source: Derived,
  shown: Parameters<typeof shownOf>[0] = {},
): PlantAttribute {
  return {
    name,
    description,
    datatype,
    access: 'r',
    source: { kind: 'derived', ...source },
    ...shownOf(shown),
  };
}

/** How fast the sum of some counters rises. */
export function rate(
  name: string,
  description: string,
  inputs: readonly Region[],
  countsOf: Counts = counters,
  mayMiss = false,
): PlantAttribute {
  const derive: Derive = (now, before) => {
    if (!before) return undefined;
    const past = countsOf(before);
    const risen = countsOf(now).reduce<number>((sum, count, i) => sum + riseOf(count, past[i]), 0);
    return ratePerSecond(risen, now.at - before.at);
  };
  const source = { inputs, span: RATE_SPAN, derive, ...(mayMiss && { mayMiss }) };
  return derived(name, description, f64, source, perSecond);
}

/** The u32 counters of a reading. */
export function counters({ bytes }: Reading): number[] {
  const row = decodeValue(arrayOf(u32, bytes.length >> 2), bytes);
  return Array.from(row as Uint32Array);
}

/** The u8 counters of the ports A to D in each of the answers that a reading consists of. */
export function portBytes({ bytes }: Reading): (number | undefined)[] {
  const counts: (number | undefined)[] = [];
  for (let at = 0; at < bytes.length; at += ESC_COMMAND_LENGTH) {
    const answer = bytes.subarray(at, at + ESC_COMMAND_LENGTH);
    const isKnown = isAnswered(answer);
    for (let port = 0; port < 4; port++) {
      counts.push(isKnown ? answer[ESC_DATA_OFFSET + port] : undefined);
    }
  }
  return counts;
}

/** What a counter counted; 0 when it is not known now, or was not. */
export function riseOf(now: number | undefined, before: number | undefined): number {
  return now === undefined || before === undefined ? 0 : rise(now, before);
}
