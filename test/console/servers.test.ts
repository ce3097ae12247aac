import { describe, expect, it } from 'vitest';
import { type ServerSource, serverCommands } from '../../src/console/servers/server-commands.ts';
import type { ServerView } from '../../src/console/servers/server-view.ts';
import { shellRig } from './shell-rig.ts';

const client = {
  ...{ peer: '127.0.0.1:40000', user: 'operator', host: 'desk', version: '4.13', priority: 0 },
  ...{ channels: 1, silentSeconds: 1.5, queued: 2, waitingIn: 0, waitingOut: 16 },
};
const channel = {
  name: 'T:ai.VAL',
  type: 'DOUBLE',
  count: 1,
  read: true,
  write: false,
  monitors: 3,
};
const server: ServerView = {
  report: () => ({ port: 5064, udpPort: 5065, interfaces: [], clients: [client] }),
  channels: () => [[channel]],
};
const idle: ServerView = { ...server, report: () => ({ ...server.report(), clients: [] }) };

async function printed(line: string, view: ReturnType<ServerSource>): Promise<string> {
  const { shell, out } = shellRig(serverCommands(() => view));
  await shell.run(line);
  return out.text;
}

describe('casr', () => {
  it('counts clients', async () => {
    expect(await printed('casr', idle)).toBe(
      'Channel Access Server V4.13\nNo clients connected.\n',
    );
    expect(await printed('casr', server)).toBe(
      'Channel Access Server V4.13\n1 client connected.\n',
    );
  });

  it('tells who they are, and where it listens', async () => {
    expect(await printed('casr 1', server)).toBe(`Channel Access Server V4.13
1 client connected:
    TCP client at 127.0.0.1:40000 'desk':
\tUser 'operator', V4.13, Priority = 0, 1 Channel
CAS-TCP server on 0.0.0.0:5064 with
    CAS-UDP name server on 0.0.0.0:5065
`);
  });

  it('tells what they have, and what waits', async () => {
    expect(await printed('casr 2', server)).toContain("        Channel: 'T:ai.VAL'\n");
    const most = await printed('casr 3', server);
    expect(most).toContain('1.50 secs since last receive, 2 updates queued');
    expect(most).toContain('Unprocessed request bytes = 0, Undelivered response bytes = 16');
    expect(most).toContain('            field_type=DBF_DOUBLE, 1 element');
    expect(most).toContain('            # on eventq=3, access=r-');
  });
});

describe('dbsr', () => {
  it('tells of the server, before iocInit too', async () => {
    expect(await printed('dbsr', undefined)).toBe(
      "Server state: initializing\nServer 'rsrv'\nChannel Access Server V4.13\nNo clients connected.\n",
    );
    expect(await printed('dbsr', 'ignored')).toBe('No server layers registered with IOC\n');
    expect(await printed('casr', 'ignored')).toBe('');
    expect(await printed('dbsr 1', server)).toContain("TCP client at 127.0.0.1:40000 'desk'");
  });
});

describe('dbel', () => {
  it('counts the monitors of a record, whatever field is named, and tells whose they are', async () => {
    expect(await printed('dbel T:ai', server)).toBe('3 PV Event Subscriptions ( monitors ).\n');
    expect(await printed('dbel T:ai.HIGH 1', server)).toBe(
      '3 PV Event Subscriptions ( monitors ).\n VAL: 3 monitors of 127.0.0.1:40000\n',
    );
  });

  it('says that there are none', async () => {
    const none = '"T:other": No PV event subscriptions ( monitors ).\n';
    expect(await printed('dbel T:other', server)).toBe(none);
    expect(await printed('dbel T:other 1', undefined)).toBe(none);
    expect(await printed('dbel', server)).toBe('');
  });
});
