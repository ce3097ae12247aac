import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync);

/** Why there is no mosquitto here; undefined when there is. */
export const noMosquitto =
  BINARY === undefined ? 'not measured: mosquitto is not installed' : undefined;

/** Debian's mosquitto on a free port of the loopback, which keeps what it has to. */
export class Mosquitto implements AsyncDisposable {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `mqtt://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-bench-'));
    const lines = [
      'user root',
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'set_tcp_nodelay true',
      'max_queued_messages 0',
      `persistence true\npersistence_location ${this.#folder}/`,
    ];
    writeFileSync(join(this.#folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  }

  static async open(): Promise<Mosquitto> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const mosquitto = new Mosquitto(port);
    await mosquitto.start();
    return mosquitto;
  }

  async start(): Promise<void> {
    const args = ['-c', join(this.#folder, 'mosquitto.conf')];
    this.#child = spawn(BINARY ?? '', args, { stdio: 'ignore' });
    while (!(await this.#listens())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Is silent from now on, with all connections as they are. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }

  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
