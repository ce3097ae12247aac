import { sleep } from '../../kernel/index.ts';
import type { PutOutcome, PvField } from '../../pv/index.ts';
import type { Call, Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { tabbed } from '../report/tabbed.ts';
import { valueTexts } from '../report/value-texts.ts';
import { fieldNamed, type RecordsView } from './records-view.ts';
import { typedValue } from './typed-value.ts';

/** How long dbpf waits for a plant to answer before it prints what there is. */
const PATIENCE_MS = 1000;

/** The commands that read and write fields. */
export function valueCommands(view: RecordsView): readonly Command[] {
  return [dbgf(view), dbpf(view), tpn(view)];
}

function dbgf(view: RecordsView): Command {
  return {
    name: 'dbgf',
    parameters: [{ name: 'record name', kind: 'record' }],
    usage: `Print the value of a field, VAL if none is named.

Example: dbgf T:temperature.EGU`,
    *run({ args }): Lines {
      const name = args.text(0);
      if (!name) throw new Complaint('Usage: dbgf "pv name"');
      yield* tabbed(valueTexts(fieldNamed(view, 'dbgf', name)), 10);
    },
  };
}

function dbpf(view: RecordsView): Command {
  return {
    name: 'dbpf',
    parameters: [
      { name: 'record name', kind: 'record' },
      { name: 'value', kind: 'string' },
    ],
    usage: `Put a value to a field, VAL if none is named, and print what it is then. Arrays are JSON;
access security is for clients, so it is not asked.

Example: dbpf T:setpoint 3.5
         dbpf T:waveform "[1, 2.5]"`,
    async *run(call): Lines {
      const field = given(call, view, 'dbpf', 'Usage: dbpf "pv name", "value"');
      const outcome = field.put(
        typedValue(field, call.args.text(1) ?? ''),
        origin,
        call.shell.signal,
      );
      const soon = await settledSoon(outcome, call.shell.signal);
      if (soon) complainOf(soon, call);
      yield* tabbed(valueTexts(field), 10);
    },
  };
}

function tpn(view: RecordsView): Command {
  return {
    name: 'tpn',
    parameters: [
      { name: 'record name', kind: 'record' },
      { name: 'value', kind: 'string' },
    ],
    usage: `Put a value as a client does that waits until everything is over which the put started.

Example: tpn T:motor 5.0`,
    async *run(call): Lines {
      const field = given(call, view, 'tpn', 'Usage: tpn "pv name", "value"');
      const value = typedValue(field, call.args.text(1) ?? '');
      const outcome = await field.put(value, { ...origin, notify: true }, call.shell.signal);
      complainOf(outcome, call);
      if (outcome.kind === 'done') yield `tpnCallback '${call.args.text(0)}': Success`;
    },
  };
}

/** Who puts from the console, for the put log. */
const origin = { user: 'console', host: 'localhost' };

function given({ args }: Call, view: RecordsView, command: string, usage: string): PvField {
  const name = args.text(0);
  if (!name || args.text(1) === undefined) throw new Complaint(usage);
  return fieldNamed(view, command, name);
}

/** An outcome, unless it takes its time; the put goes on all the same. */
function settledSoon(
  outcome: PutOutcome | Promise<PutOutcome>,
  signal: AbortSignal,
): Promise<PutOutcome | undefined> {
  const late = new AbortController();
  const patience = sleep(PATIENCE_MS, AbortSignal.any([signal, late.signal])).then(
    () => undefined,
    () => undefined,
  );
  return Promise.race([Promise.resolve(outcome), patience]).finally(() => late.abort());
}

function complainOf(outcome: PutOutcome, { complain }: Call): void {
  switch (outcome.kind) {
    case 'done':
      return;
    case 'refused':
    case 'failed':
      complain(outcome.text);
      return;
    case 'cancelled':
      complain('the put was cancelled');
  }
}
