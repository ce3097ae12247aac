import type { Arguments, Command, Lines, Parameter } from '../command.ts';
import { Complaint } from '../complaint.ts';

const kinds = { i: 'integer', p: 'path', r: 'record' } as const;

/** A command that says nothing when it went well. Parameters are `name:kind`, texts without a kind. */
export function order(
  name: string,
  parameters: readonly string[],
  usage: string,
  run: (args: Arguments) => Promise<void> | void,
): Command {
  return {
    ...{ name, usage, parameters: parameters.map(parameterOf) },
    run: ({ args }) => run(args) ?? undefined,
  };
}

/** A command that tells something. */
export function question(
  name: string,
  parameters: readonly string[],
  usage: string,
  run: (args: Arguments) => Lines,
): Command {
  return {
    ...{ name, usage, parameters: parameters.map(parameterOf) },
    run: ({ args }) => run(args),
  };
}

/** The first argument, which must not be missing. */
export function needed(args: Arguments, what: string): string {
  const text = args.text(0);
  if (!text) throw new Complaint(`name the ${what}`);
  return text;
}

function parameterOf(text: string): Parameter {
  const [name = '', kind] = text.split(':');
  return { name, kind: kinds[kind as keyof typeof kinds] ?? 'string' };
}
