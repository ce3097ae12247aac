import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandTable } from '../../src/console/command-table.ts';
import { shellCommands } from '../../src/console/commands/shell-commands.ts';
import { Console } from '../../src/console/console.ts';
import { Environment } from '../../src/console/environment.ts';
import { type ConsoleSocket, serveConsole } from '../../src/console/socket.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { command, eventually, temporaryFolder } from './shell-rig.ts';

let scope: Scope;
let path: string;
beforeEach(() => {
  scope = new Scope();
  path = join(temporaryFolder(scope).folder, 'console.sock');
});
afterEach(() => scope[Symbol.asyncDispose]());

const show = command('show', ({ args }) => [args.rest.join('|')], 'rest');
const names = { recordNames: () => [], fieldNames: () => [] };
let printed = 0;
const endless = command('endless', function* () {
  for (printed = 0; ; printed++) yield 'x'.repeat(1000);
});

function serve(at = path): Promise<ConsoleSocket> {
  const commands = new CommandTable([...shellCommands, show, endless]);
  const console = new Console(commands, names, new Environment({}));
  return serveConsole(console, at, silentLog, scope.signal);
}

/** A client, and what it read so far. */
function client(): { readonly socket: Socket; text: string; readonly closed: Promise<void> } {
  const socket = connect(path);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const each = { socket, text: '', closed };
  socket.on('data', (chunk) => {
    each.text += String(chunk);
  });
  socket.on('error', () => {});
  scope.defer(() => {
    socket.destroy();
  });
  return each;
}

describe('a console on a socket', () => {
  it('is for its own user only, and gone at the end', async () => {
    const server = scope.use(await serve());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  it('runs what a script sends, to its end', async () => {
    scope.use(await serve());
    const script = client();
    script.socket.end('show a\nshow b\n');
    await script.closed;
    expect(script.text).toBe('epics> a\nepics> b\nepics> ');
  });

  it('has several clients, of which exit ends one', async () => {
    const server = scope.use(await serve());
    const [one, two] = [client(), client()];
    one.socket.write('show 1\n');
    two.socket.write('show 2\n');
    await eventually(() => expect(one.text + two.text).toContain('1'));
    await eventually(() => expect(two.text).toContain('2\n'));
    one.socket.write('exit\n');
    await eventually(() => expect(server.clients).toBe(1));
    two.socket.write('show still\n');
    await eventually(() => expect(two.text).toContain('still\n'));
  });

  it('shows keys to a client that sends them one by one', async () => {
    scope.use(await serve());
    const person = client();
    await eventually(() => expect(person.text).toBe('epics> '));
    person.socket.write('s');
    await eventually(() => expect(person.text.length).toBeGreaterThan('epics> '.length));
    person.socket.write('how it\r');
    await eventually(() => expect(person.text).toContain('it\r\n'));
    person.socket.write('\x04');
    await person.closed;
  });

  it('is not stopped by the Ctrl-Z of a client', async () => {
    scope.use(await serve());
    const person = client();
    person.socket.write('s');
    person.socket.write('\x1a');
    person.socket.write('how on\r');
    await eventually(() => expect(person.text).toContain('on\r\n'));
  });

  it('is gone at the end, wherever the working directory is then', async () => {
    const before = process.cwd();
    scope.defer(() => process.chdir(before));
    process.chdir(dirname(path));
    const server = await serve('relative.sock');
    process.chdir(before);
    await server[Symbol.asyncDispose]();
    expect(existsSync(join(dirname(path), 'relative.sock'))).toBe(false);
  });

  it('runs a line without an end when the client has no more', async () => {
    scope.use(await serve());
    const script = client();
    script.socket.end('show all');
    await script.closed;
    expect(script.text).toContain('all\r\n');
  });

  it('lets a client that reads nothing wait, and others not', async () => {
    scope.use(await serve());
    const deaf = client();
    await eventually(() => expect(deaf.text).toBe('epics> '));
    deaf.socket.pause();
    deaf.socket.write('endless\n');
    let before = -1;
    await eventually(() => {
      const now = printed;
      const hasStopped = now > 0 && now === before;
      before = now;
      expect(hasStopped).toBe(true);
    });
    expect(printed).toBeLessThan(10_000);
    const other = client();
    other.socket.write('show served\n');
    await eventually(() => expect(other.text).toContain('served\n'));
  });

  it('drops a client that sends a line without end', async () => {
    const server = scope.use(await serve());
    const [lines, keys] = [client(), client()];
    lines.socket.write(`show\n${'x'.repeat(200_000)}`);
    keys.socket.write('x'.repeat(200_000));
    await Promise.all([lines.closed, keys.closed]);
    await eventually(() => expect(server.clients).toBe(0));
  });

  it('takes no more than eight clients', async () => {
    const server = scope.use(await serve());
    const clients = Array.from({ length: 8 }, client);
    await eventually(() => expect(server.clients).toBe(8));
    const ninth = client();
    await ninth.closed;
    expect(ninth.text).toBe('This console has 8 clients already.\n');
    clients[0]?.socket.destroy();
    await eventually(() => expect(server.clients).toBe(7));
  });

  it('takes the place of a socket that a crash left', async () => {
    const crash = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', crash])).toThrow();
    expect(existsSync(path)).toBe(true);
    scope.use(await serve());
    const each = client();
    each.socket.write('show here\n');
    await eventually(() => expect(each.text).toContain('here\n'));
  });

  it('leaves alone what another serves, and files that are no sockets', async () => {
    scope.use(await serve());
    await expect(serve()).rejects.toThrow('another process serves it');
    const file = `${path}.txt`;
    writeFileSync(file, '');
    await expect(serve(file)).rejects.toThrow('there is a file of that name that is no socket');
    await expect(serve(`${path}${'x'.repeat(200)}`)).rejects.toThrow('more than 107 bytes');
  });
});
