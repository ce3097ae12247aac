import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening } from '../../src/kernel/index.ts';

const anywhere = { port: 0, host: '127.0.0.1' };

describe('a server', () => {
  let server: Server;

  beforeEach(() => {
    server = createServer();
  });

  afterEach(() => {
    server.close();
  });

  it('listens on although accept() failed, however often', async () => {
    await listening(server, anywhere);
    for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS']) server.emit('error', new Error(code));
    expect(server.listening).toBe(true);
  });

  it('that cannot listen says why', async () => {
    await listening(server, anywhere);
    const taken = server.address();
    const port = typeof taken === 'object' ? (taken?.port ?? 0) : 0;
    const second = listening(createServer(), { ...anywhere, port });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
