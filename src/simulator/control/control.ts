import { createServer, type Socket } from 'node:net';
import { IocError, listening, messageOf } from '../../kernel/index.ts';
import type { Simulator } from '../simulator.ts';
import { Arguments } from './arguments.ts';
import { controlCommands } from './commands.ts';

/** A line that is longer ends its connection. */
const MAX_LINE = 64 * 1024;

/** Reachable from this computer only: who controls the plant need not say who he is. */
const LOOPBACK = '127.0.0.1';

/** A port at which scripts make faults. */
export interface Control extends AsyncDisposable {
  readonly port: number;
}

/**
 * Opens a TCP port on the loopback interface, 0 for any that is free: one JSON object per line in,
 * `{"command":"unplug","slave":"Term 5 (EL3104)"}`, one per line out in the same order,
 * `{"ok":true,"result":…}` or `{"ok":false,"error":"…"}`. The command `help` lists what there is.
 * Throws `simulator/listen` when the port is taken.
 */
export async function serveControl(simulator: Simulator, port: number): Promise<Control> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The close that follows says it all.
    socket.on('error', () => {});
    converse(socket, simulator);
  });
  await listening(server, { port, host: LOOPBACK }).catch((cause: unknown) => {
    const text = `Listen on ${LOOPBACK}:${port} for control: choose another port`;
    throw new IocError('simulator/listen', text, { cause });
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Answers line by line; nothing more is read before all lines of a chunk are done. */
function converse(socket: Socket, simulator: Simulator): void {
  let rest = '';
  const reply = async (lines: readonly string[]) => {
    for (const line of lines) {
      const answer = await obey(simulator, line);
      if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
    }
    socket.resume();
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) socket.destroy();
    socket.pause();
    void reply(lines.filter((line) => line.trim() !== ''));
  });
}

async function obey(simulator: Simulator, line: string): Promise<object> {
  try {
    const { command: name, ...given } = parsed(line);
    if (name === 'help') return { ok: true, result: offered() };
    const command = controlCommands.get(String(name));
    if (command === undefined) return { ...failure(`no command "${name}"`), commands: offered() };
    return { ok: true, result: await command.run(simulator, new Arguments(given)) };
  } catch (cause) {
    return failure(messageOf(cause));
  }
}

function failure(error: string): object {
  return { ok: false, error };
}

function parsed(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new IocError('simulator/control', 'a line must be one JSON object with a "command"');
}

/** Commands and what they take. */
function offered(): Record<string, string> {
  return Object.fromEntries([...controlCommands].map(([name, { takes }]) => [name, takes]));
}
