import { EtherCatState, etherCatStateOf, linkText, portNames, stateText } from '../model/index.ts';
import type { SlaveFacts } from './facts.ts';
import type { SlaveState } from './slave-state.ts';
import type { PlacedSlave } from './topology.ts';

/** Bytes of the texts that name slaves. */
const LONGEST_TEXT = 255;

/** What a counter counted between two readings; one that is lower now was reset between them. */
export function rise(now: number, before: number): number {
  return now >= before ? now - before : now;
}

/** Per second; undefined when no time has passed. */
export function ratePerSecond(risen: number, seconds: number): number | undefined {
  return seconds > 0 ? risen / seconds : undefined;
}

/**
 * The cable or E-bus contact at a port, in words. Errors counted at port A happened on the way from
 * the slave that it is plugged into; those at other ports on the way back from what is plugged in
 * there.
 */
export function segmentText(
  slaves: readonly PlacedSlave[],
  index: number,
  port: number | undefined,
): string {
  const at = slaves[index];
  const name = at?.slave.name ?? `slave ${index + 1}`;
  const letter = (of: number) => `port ${portNames[of] ?? of}`;
  if (at === undefined || port === undefined) return `at ${name}`;
  if (port === 0) {
    const { parent, parentPort } = at;
    const before = parent ? `${letter(parentPort)} of ${parent.name}` : 'the master';
    return `between ${before} and port A of ${name}`;
  }
  const behind = slaves.find(
    ({ parent, parentPort }) => parent === at.slave && parentPort === port,
  );
  if (behind === undefined) return `at ${letter(port)} of ${name}`;
  return `between ${letter(port)} of ${name} and port A of ${behind.slave.name}, on the way back`;
}

export function isOperational({ state }: SlaveState): boolean {
  return etherCatStateOf(state) === EtherCatState.op;
}

/** `Term 5 (EL3104): missing link, port B; …`, or `good`. */
export function linkFaultsText(
  slaves: readonly SlaveFacts[],
  states: readonly SlaveState[],
): string {
  return faultsText(slaves, states, ({ link }) => (link === 0 ? undefined : linkText(link)));
}

/** `Term 5 (EL3104): SAFEOP, error; …`, or `good`. */
export function stateFaultsText(
  slaves: readonly SlaveFacts[],
  states: readonly SlaveState[],
): string {
  return faultsText(slaves, states, ({ state }) =>
    state === EtherCatState.op ? undefined : stateText(state),
  );
}

/** As many items as fit, in their order, and how many more there are. */
export function listText(items: readonly string[], separator: string): string {
  const rest = (count: number) => (count === 0 ? '' : `${separator}and ${count} more`);
  let shown = items.length;
  const textOf = (count: number) =>
    items.slice(0, count).join(separator) + rest(items.length - count);
  while (shown > 1 && textOf(shown).length > LONGEST_TEXT) shown--;
  return textOf(shown).slice(0, LONGEST_TEXT);
}

function faultsText(
  slaves: readonly SlaveFacts[],
  states: readonly SlaveState[],
  fault: (state: SlaveState) => string | undefined,
): string {
  const faults = states.flatMap((state, i) => {
    const words = fault(state);
    return words === undefined ? [] : [`${slaves[i]?.name ?? `slave ${i + 1}`}: ${words}`];
  });
  return faults.length === 0 ? 'good' : listText(faults, '; ');
}
