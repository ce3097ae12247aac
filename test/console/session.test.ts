import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandTable } from '../../src/console/command-table.ts';
import { shellCommands } from '../../src/console/commands/shell-commands.ts';
import { Console, type Terminal } from '../../src/console/console.ts';
import { Environment } from '../../src/console/environment.ts';
import { Scope } from '../../src/kernel/index.ts';
import { command, eventually, temporaryFolder } from './shell-rig.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope();
});
afterEach(() => scope[Symbol.asyncDispose]());

const names = { recordNames: () => ['T:ai', 'T:ao'], fieldNames: () => [] };
const show = command('show', ({ args }) => [args.rest.join('|')], 'rest');
const dbpr = command('dbpr', ({ args }) => [`record ${args.text(0)}`], 'record');

/** A console with a person on two streams. */
function rig(more: Partial<Terminal> = {}, variables: Record<string, string> = {}) {
  const console = new Console(
    new CommandTable([...shellCommands, show, dbpr]),
    names,
    new Environment(variables),
  );
  const input = new PassThrough();
  const output = new PassThrough();
  const seen = { text: '' };
  output.on('data', (chunk) => {
    seen.text += String(chunk);
  });
  const terminal = { input, output, isTerminal: false, ...more };
  const ended = console.session(terminal, scope.signal);
  return { input, output, seen, ended };
}

/** Waits until the output says so. */
function says({ seen }: { readonly seen: { readonly text: string } }, text: string) {
  return eventually(() => expect(seen.text).toContain(text));
}

describe('lines from a program', () => {
  it('are prompted for and run, until exit', async () => {
    const { input, seen, ended } = rig();
    input.write('show a\nshow b\r\nexit\nshow never\n');
    expect(await ended).toBe('exit');
    expect(seen.text).toBe('epics> a\nepics> b\nepics> ');
  });

  it('are shown behind their prompts where that is asked for', async () => {
    const { input, seen, ended } = rig({ echo: true }, { IOCSH_PS1: '> ' });
    input.end('show a\n');
    expect(await ended).toBe('end');
    expect(seen.text).toBe('> show a\na\n> \n');
  });

  it('may come in pieces, and the last without an end', async () => {
    const { input, seen, ended } = rig();
    input.write('sho');
    input.write('w a\nshow');
    input.end(' b');
    expect(await ended).toBe('end');
    expect(seen.text).toContain('a\nepics> b\n');
  });

  it('without end end the session', async () => {
    const { input, ended } = rig();
    input.write('x'.repeat(100_000));
    await expect(ended).rejects.toThrow('a line of more than 65536 bytes');
  });

  it('are waited for no longer than the signal says', async () => {
    const { ended } = rig();
    await scope[Symbol.asyncDispose]();
    expect(await ended).toBe('end');
  });
});

describe('a terminal', () => {
  it('shows keys, edits lines and runs them', async () => {
    const person = rig({ isTerminal: true });
    person.input.write('show ax\x7fb\r');
    await says(person, 'ab\n');
    person.input.write('\x04');
    expect(await person.ended).toBe('end');
    expect(person.seen.text).toContain('ab\n');
  });

  it('completes commands and records', async () => {
    const person = rig({ isTerminal: true });
    for (const key of 'dbp\tT:a\ti\r') person.input.write(key);
    await says(person, 'record T:ai\n');
    person.input.write('exit\r');
    expect(await person.ended).toBe('exit');
  });

  it('remembers lines, in a file from one session to the next', async () => {
    const { folder } = temporaryFolder(scope);
    const variables = { EPICS_IOCSH_HISTFILE: `${folder}/history` };
    const first = rig({ isTerminal: true, isOwn: true }, variables);
    first.input.write('show one\rshow two\rexit\r');
    expect(await first.ended).toBe('exit');
    const second = rig({ isTerminal: true, isOwn: true }, variables);
    second.input.write('\x1b[A\x1b[A\x1b[A\r');
    await says(second, 'one\n');
    second.input.write('exit\r');
    expect(await second.ended).toBe('exit');
  });

  it('drops what was typed at Ctrl-C, and hands on one on an empty line', async () => {
    const onInterrupt = vi.fn();
    const person = rig({ isTerminal: true, onInterrupt });
    person.input.write('show never\x03show this\r');
    await says(person, 'this\n');
    expect(onInterrupt).not.toHaveBeenCalled();
    person.input.write('\x03');
    await eventually(() => expect(onInterrupt).toHaveBeenCalled());
    expect(person.seen.text).not.toContain('\nnever');
  });
});
