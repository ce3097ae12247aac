import { messageOf } from '../kernel/index.ts';
import type { FieldLog, PvField } from '../pv/index.ts';
import type { Circuit } from './circuit.ts';
import { Eca } from './header.ts';
import { type Appended, appendNoValue, appendValue, type View } from './value-message.ts';

/** What a client wants to see of a channel's field, through the channel's filters. */
export interface Wish extends View {
  readonly field: PvField;
}

/**
 * Appends a field's value to a circuit's output; one that its record cannot tell is in the log. Of a
 * channel with filters it is what `passed` them before, or what a read gets now.
 */
// hot path
export function appendFieldValue(
  circuit: Circuit,
  wish: Wish,
  command: number,
  p1: number,
  p2: number,
  passed?: FieldLog,
): Appended {
  const { output, maxPayload } = circuit;
  const { directory, log } = circuit.world;
  const { filter, record, field } = wish.field;
  try {
    if (filter === undefined) {
      return appendValue(output, directory.columns, wish, command, p1, p2, maxPayload);
    }
    const seen = { ...wish, field: filter.show(passed ?? filter.readLog()) };
    return appendValue(output, filter.columns, seen, command, p1, p2, maxPayload);
  } catch (cause) {
    log.error({ cause: messageOf(cause) }, `CA read of ${record}.${field} failed`);
    return 'unreadable';
  }
}

/** Appends a field's value with ECA_NORMAL, or GETFAIL and zeros. */
// hot path
export function appendFieldAnswer(
  circuit: Circuit,
  wish: Wish,
  command: number,
  p2: number,
  passed?: FieldLog,
): Appended {
  const appended = appendFieldValue(circuit, wish, command, Eca.normal, p2, passed);
  if (appended !== 'unreadable') return appended;
  return appendNoValue(circuit.output, wish, command, Eca.getFail, p2, circuit.maxPayload);
}

/** Appends the answer to a client that may not read: NORDACCESS and zeros. */
export function appendDenial(circuit: Circuit, wish: Wish, command: number, p2: number): Appended {
  return appendNoValue(circuit.output, wish, command, Eca.noReadAccess, p2, circuit.maxPayload);
}
