import type { Slot } from '../../model/index.ts';
import { type RecordTable, recordTypes } from '../../records/index.ts';
import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { matchesGlob } from '../glob.ts';

/** SCAN of records that process when their value comes. */
const IO_INTR = 2;
/** How far a period may be from the one that scanppl was asked for, in seconds. */
const NEAR = 0.05;

/** The commands that show the scan lists, post events, and pause processing. */
export function scanCommands(table: RecordTable): readonly Command[] {
  return [scanppl(table), scanpel(table), scanpiol(table), postEvent(table), ...pausing(table)];
}

function scanppl({ columns, engine }: RecordTable): Command {
  return {
    name: 'scanppl',
    parameters: [{ name: 'rate', kind: 'number' }],
    usage: 'List the records that are scanned periodically, those of one period if it is given.',
    *run({ args }): Lines {
      const rate = args.number(0);
      for (const { scan, seconds, slots, overruns } of engine.scans.lists()) {
        const isOther = rate > 0 && Math.abs(rate - seconds) > NEAR;
        if (isOther || slots.length === 0) continue;
        yield `Records with SCAN = '${scanName(scan)}' (${overruns} over-runs):`;
        yield* names(columns.name, slots);
      }
    },
  };
}

function scanpel({ columns, engine }: RecordTable): Command {
  return {
    name: 'scanpel',
    parameters: [{ name: 'event name', kind: 'string' }],
    usage: 'List the records that wait for events, or for those whose names match a pattern.',
    *run({ args }): Lines {
      const pattern = args.text(0) || '*';
      for (const [event, slots] of engine.events.lists()) {
        if (!matchesGlob(event, pattern)) continue;
        yield `Event "${event}"`;
        yield* names(columns.name, slots);
      }
    },
  };
}

function scanpiol({ columns }: RecordTable): Command {
  return {
    name: 'scanpiol',
    parameters: [],
    usage: 'List the records that process when their value comes from below (I/O Intr).',
    run: () => {
      const all = Array.from({ length: columns.name.length }, (_, slot) => slot);
      return names(
        columns.name,
        all.filter((slot) => columns.scan[slot] === IO_INTR),
      );
    },
  };
}

function postEvent({ engine }: RecordTable): Command {
  return {
    name: 'postEvent',
    parameters: [{ name: 'event name', kind: 'string' }],
    usage: 'Process the records that wait for an event.',
    run({ args }) {
      const event = args.text(0);
      if (!event) throw new Complaint('Usage: postEvent "event name"');
      engine.events.post(event);
      return undefined;
    },
  };
}

function pausing({ engine }: RecordTable): readonly Command[] {
  const command = (name: string, usage: string, act: () => void): Command => ({
    name,
    parameters: [],
    usage,
    run() {
      act();
      return undefined;
    },
  });
  return [
    command('iocPause', 'Stop scanning; clients and plants go on.', () => engine.life.pause()),
    command('iocRun', 'Scan again, after iocPause.', () => engine.life.run()),
  ];
}

function* names(all: readonly string[], slots: Iterable<Slot>): Iterable<string> {
  for (const slot of slots) yield `    ${(all[slot] ?? '').padEnd(28)}`;
}

function scanName(scan: number): string {
  return recordTypes.ai.fields.get('SCAN')?.choices[scan] ?? String(scan);
}
