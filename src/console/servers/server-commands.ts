import type { Command, Lines } from '../command.ts';
import type { ServedChannel, ServedClient, ServerView } from './server-view.ts';

/** The Channel Access server of an IOC; undefined until it listens. */
export type ServerSource = () => ServerView | 'ignored' | undefined;

/** The commands that tell who is served. */
export function serverCommands(source: ServerSource): readonly Command[] {
  return [casr(source), dbsr(source), dbel(source)];
}

function casr(source: ServerSource): Command {
  return {
    name: 'casr',
    parameters: [{ name: 'level', kind: 'integer' }],
    usage: `Report of the Channel Access server.
level 0 - how many clients
      1 - each client, and where the server listens
      2 - the channels of each client
      3 - what is on its way to and from it`,
    run: ({ args }) => report(source, args.number(0)),
  };
}

function dbsr(source: ServerSource): Command {
  return {
    name: 'dbsr',
    parameters: [{ name: 'interest level', kind: 'integer' }],
    usage: 'Report of all servers; the level is that of casr.',
    *run({ args }): Lines {
      if (source() === 'ignored') {
        yield 'No server layers registered with IOC';
        return;
      }
      yield `Server state: ${source() ? 'running' : 'initializing'}`;
      yield "Server 'rsrv'";
      yield* report(source, args.number(0));
    },
  };
}

function dbel(source: ServerSource): Command {
  return {
    name: 'dbel',
    parameters: [
      { name: 'record name', kind: 'record' },
      { name: 'level', kind: 'integer' },
    ],
    usage: 'Count the monitors of the fields of a record; with 1, of each field and client.',
    *run({ args }): Lines {
      const name = args.text(0);
      if (!name) return;
      const [record = ''] = name.split('.', 1);
      const monitored = [...monitorsOf(source(), record)];
      const count = monitored.reduce((sum, { monitors }) => sum + monitors, 0);
      yield count === 0
        ? `"${name}": No PV event subscriptions ( monitors ).`
        : `${count} PV Event Subscriptions ( monitors ).`;
      if (args.number(1) === 0) return;
      for (const { field, monitors, peer } of monitored) {
        yield `${field.padStart(4)}: ${many(monitors, 'monitor')} of ${peer}`;
      }
    },
  };
}

/** The monitored fields of a record, for each client. */
function* monitorsOf(server: ReturnType<ServerSource>, record: string) {
  if (!server || server === 'ignored') return;
  const channels = server.channels();
  for (const [at, { peer }] of server.report().clients.entries()) {
    for (const { name, monitors } of channels[at] ?? []) {
      const [owner, field = ''] = name.split('.', 2);
      if (owner === record && monitors > 0) yield { field, monitors, peer };
    }
  }
}

function* report(source: ServerSource, level: number): Iterable<string> {
  const server = source();
  if (server === 'ignored') return;
  yield 'Channel Access Server V4.13';
  const { clients, interfaces, port, udpPort } = server?.report() ?? nothing;
  const end = level > 0 && clients.length > 0 ? ':' : '.';
  yield clients.length === 0
    ? 'No clients connected.'
    : `${many(clients.length, 'client')} connected${end}`;
  if (!server || level < 1) return;
  const channels = level >= 2 ? server.channels() : [];
  for (const [at, client] of clients.entries()) yield* clientLines(client, channels[at], level);
  for (const address of interfaces.length > 0 ? interfaces : ['0.0.0.0']) {
    yield `CAS-TCP server on ${address}:${port} with`;
    yield `    CAS-UDP name server on ${address}:${udpPort}`;
  }
}

const nothing: ReturnType<ServerView['report']> = {
  port: 0,
  udpPort: 0,
  interfaces: [],
  clients: [],
};

function* clientLines(
  client: ServedClient,
  channels: readonly ServedChannel[] | undefined,
  level: number,
): Iterable<string> {
  const { peer, host, user, version, priority } = client;
  yield `    TCP client at ${peer} '${host}':`;
  const what = many(client.channels, 'Channel');
  yield `\tUser '${user}', V${version || '4.0'}, Priority = ${priority}, ${what}`;
  if (level >= 3) {
    const { silentSeconds, queued, waitingIn, waitingOut } = client;
    yield `\t${silentSeconds.toFixed(2)} secs since last receive, ${many(queued, 'update')} queued`;
    yield `\tUnprocessed request bytes = ${waitingIn}, Undelivered response bytes = ${waitingOut}`;
  }
  for (const channel of channels ?? []) yield* channelLines(channel, level);
}

function* channelLines(channel: ServedChannel, level: number): Iterable<string> {
  const { name, type, count, read, write, monitors } = channel;
  yield `        Channel: '${name}'`;
  if (level < 3) return;
  yield `            field_type=DBF_${type}, ${many(count, 'element')}`;
  const access = `${read ? 'r' : '-'}${write ? 'w' : '-'}`;
  yield `            # on eventq=${monitors}, access=${access}`;
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
