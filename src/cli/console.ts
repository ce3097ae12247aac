import { connect, type Socket } from 'node:net';
import { Command } from 'commander';
import { IocError, messageOf } from '../kernel/index.ts';
import { orFail } from './failure.ts';

/** Ctrl-], as telnet's. */
const LEAVE = 0x1d;

export function consoleClient(): Command {
  return new Command('console')
    .description('Connect to the console of a running IOC on its Unix socket.')
    .argument('<socket>', 'path that --console or console.socket named')
    .addHelpText(
      'after',
      `
On a terminal, Ctrl-] or exit leaves, and the IOC runs on. Else lines of standard input are run:
  echo 'dbgf DEMO:IOC:PlantState' | twincat-ioc console ioc.sock`,
    )
    .action((path: string) => orFail(() => attach(path)));
}

async function attach(path: string): Promise<void> {
  const socket = await open(path);
  const { stdin, stdout } = process;
  socket.pipe(stdout, { end: false });
  const isTerminal = stdin.isTTY === true;
  try {
    if (isTerminal) stdin.setRawMode(true);
    relay(socket, isTerminal);
    await closed(socket);
  } finally {
    if (isTerminal) stdin.setRawMode(false);
    if (isTerminal) stdout.write('\n');
    stdin.destroy();
  }
}

function relay(socket: Socket, isTerminal: boolean): void {
  const { stdin } = process;
  if (!isTerminal) {
    stdin.pipe(socket);
    return;
  }
  stdin.on('data', (keys: Buffer) => {
    if (keys.includes(LEAVE)) socket.destroy();
    else socket.write(keys);
  });
  process.stdout.write('Ctrl-] leaves.\n');
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause) => {
      const hint = 'does an IOC of yours serve it?';
      const text = `Connect to the console ${path}: ${messageOf(cause)}; ${hint}`;
      reject(new IocError('cli/console', text, { cause }));
    });
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('end', () => socket.destroy());
    socket.once('close', () => resolve());
  });
}
