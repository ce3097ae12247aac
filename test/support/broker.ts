import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer as createTlsWebServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { vi } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Scope } from '../../src/kernel/index.ts';

/** A broker on a free port of the loopback. */
export type Broker = { readonly port: number; readonly url: string };

/** The broker of npm, in this process; `prepare` may set its hooks. On a port of before it is that one again. */
export async function aedesBroker(
  scope: Scope,
  prepare: (aedes: Aedes) => void = () => {},
  at = 0,
): Promise<Broker & { readonly aedes: Aedes }> {
  const aedes = await Aedes.createBroker();
  prepare(aedes);
  const server = createServer(aedes.handle);
  scope.defer(async () => {
    await new Promise<void>((resolve) => aedes.close(resolve));
    server.close();
    await once(server, 'close');
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: `mqtt://127.0.0.1:${port}`, aedes };
}

/** The same behind WebSockets, at the path /mqtt alone; over TLS when `tls` tells how. */
export async function aedesWebBroker(scope: Scope, tls?: ServerOptions): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const web = tls ? createTlsWebServer(tls) : createWebServer();
  const sockets = new WebSocketServer({ server: web, path: '/mqtt' });
  sockets.on('connection', (socket) => {
    const stream = createWebSocketStream(socket);
    // A client that goes without a word.
    stream.on('error', () => {});
    aedes.handle(stream as Parameters<typeof aedes.handle>[0]);
  });
  scope.defer(async () => {
    await new Promise<void>((resolve) => aedes.close(resolve));
    for (const socket of sockets.clients) socket.terminate();
    web.close();
    await once(web, 'close');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  return { port, url: `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}/mqtt` };
}

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync);

/** Whether Debian's mosquitto is here; where tests must be complete (CI), it has to be. */
export const hasMosquitto = MOSQUITTO !== undefined || process.env['CI'] !== undefined;

/** Its plugin of rules, wherever Debian puts it on this machine. */
export const dynamicSecurity = existsSync('/usr/lib')
  ? readdirSync('/usr/lib')
      .map((folder) => `/usr/lib/${folder}/mosquitto_dynamic_security.so`)
      .find(existsSync)
  : undefined;

/** Mosquitto in a process of its own. */
export interface Mosquitto extends Broker {
  /** A second listener, which lets everybody in. */
  readonly plain: Broker;
  /** Is silent from now on, with all connections as they are. */
  freeze(): void;
  thaw(): void;
  /** Ends it; SIGKILL gives it no time to save anything. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again, on the same ports and files. */
  start(): Promise<void>;
}

/**
 * Mosquitto, whose listener has these lines of configuration; `files` are written beside it and named
 * `$DIR/name`. With `persistence true` it keeps what it knows in `$DIR`.
 */
export async function mosquitto(
  scope: Scope,
  config: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Mosquitto> {
  if (MOSQUITTO === undefined) throw new Error('mosquitto is not installed');
  const binary = MOSQUITTO;
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-mosquitto-'));
  scope.defer(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  const [port, plain] = [await freePort(), await freePort()];
  const path = join(folder, 'mosquitto.conf');
  const lines = [
    // As root mosquitto would become a user who may not read the folder.
    'user root',
    'per_listener_settings true',
    `listener ${plain} 127.0.0.1`,
    'allow_anonymous true',
    `listener ${port} 127.0.0.1`,
    config.replaceAll('$DIR', folder),
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawn(binary, ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    let log = '';
    started.stderr.on('data', (chunk) => {
      log += chunk;
    });
    for (const each of [plain, port]) {
      await vi.waitFor(() => reachable(each, () => log), { timeout: 5000, interval: 20 });
    }
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  scope.defer(() => stop('SIGKILL'));
  await start();
  const at = (where: number) => ({ port: where, url: `mqtt://127.0.0.1:${where}` });
  return {
    ...at(port),
    plain: at(plain),
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    stop,
    start,
  };
}

async function reachable(port: number, log: () => string): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new Error(`mosquitto does not listen: ${log()}`, { cause });
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A plain MQTT client, for the test's side of the network. */
export async function mqttClient(
  scope: Scope,
  { url }: Broker,
  options: IClientOptions = {},
): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 0, ...options });
  scope.defer(() => client.endAsync(true));
  return client;
}
