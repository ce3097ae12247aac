import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bytesContent, textContent } from '../../../src/bus/files/content.ts';
import { FileClient, type FileClientOptions } from '../../../src/bus/files/file-client.ts';
import { allowing } from '../../../src/bus/files/hosts.ts';
import { Scope, systemClock } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey, otherCa } from '../../ads/certificates.ts';

const never = new AbortController().signal;

function client(more: Partial<FileClientOptions> = {}): FileClient {
  return new FileClient({
    ...{ allows: allowing([]), maxBytes: 100_000, clock: systemClock },
    ...{ least: { seconds: 5, bytes: 1 } },
    ...more,
  });
}

/** A server of the test; each request that it got, with its body. */
async function peer(scope: Scope, listener: RequestListener, tls?: ServerOptions) {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}` };
}

function folder(scope: Scope): string {
  const path = mkdtempSync(join(tmpdir(), 'twincat-ioc-client-'));
  scope.defer(() => rmSync(path, { recursive: true }));
  return path;
}

/** Answers PUT with 201 and keeps what came. */
function keeper() {
  const got: { path?: string; headers: Record<string, unknown>; body: string }[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    got.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(201).end();
  };
  return { got, listener };
}

const giving =
  (body: string | Uint8Array, headers = {}): RequestListener =>
  (_, response) => {
    response.writeHead(200, headers).end(body);
  };

describe('an upload', () => {
  it('has a known length, and the token', async () => {
    await using scope = new Scope();
    const { got, listener } = keeper();
    const { url } = await peer(scope, listener);
    await client({ token: 'sesame' }).upload(`${url}/a/b`, textContent('grüße'), never);
    const headers = { 'content-length': '7', authorization: 'Bearer sesame' };
    expect(got).toMatchObject([{ path: '/a/b', body: 'grüße', headers }]);
    expect(got[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('sends nothing, too', async () => {
    await using scope = new Scope();
    const { got, listener } = keeper();
    const { url } = await peer(scope, listener);
    await client().upload(url, textContent(''), never);
    expect(got[0]?.headers['content-length']).toBe('0');
  });

  it.each([301, 302, 307, 308])(
    'goes on to the same host at %i, with all its bytes',
    async (status) => {
      await using scope = new Scope();
      const { got, listener } = keeper();
      const target = await peer(scope, listener);
      const { url } = await peer(scope, (_, response) => {
        response.writeHead(status, { location: `${target.url}/new` }).end();
      });
      const bytes = new Uint8Array(300_000).fill(0x61);
      await client().upload(`${url}/old`, bytesContent(bytes), never);
      expect([got[0]?.path, got[0]?.body.length]).toEqual(['/new', 300_000]);
    },
  );

  it.each([
    ['http://example.org/x', 'is sent on to another host, example.org'],
    ['ftp://127.0.0.1/x', 'is sent on to ftp:, which is not safe'],
    ['http://[', 'is sent on, but to no URL'],
  ])('does not go on to %s', async (location, why) => {
    await using scope = new Scope();
    const { url } = await peer(scope, (_, response) => {
      response.writeHead(307, { location }).end();
    });
    await expect(client().upload(url, textContent('x'), never)).rejects.toThrow(
      `Upload 1 bytes to ${url}/: the request ${why}`,
    );
  });

  it('goes in circles no longer than is sensible', async () => {
    await using scope = new Scope();
    const { url } = await peer(scope, (_, response) => {
      response.writeHead(307, { location: '/again' }).end();
    });
    await expect(client().upload(url, textContent('x'), never)).rejects.toThrow(
      'more than 3 times',
    );
  });

  it('says what the server said, and what to do', async () => {
    await using scope = new Scope();
    const { url } = await peer(scope, (request, response) => {
      request.resume();
      response.writeHead(507).end('{"error":"no room at all"}');
    });
    await expect(client().upload(`${url}/x`, textContent('abc'), never)).rejects.toThrow(
      `Upload 3 bytes to ${url}/x: the server says 507 Insufficient Storage: no room at all; make room there`,
    );
  });

  it('knows of an answer that came before it had sent all', async () => {
    await using scope = new Scope();
    const { url } = await peer(scope, (_, response) => {
      response.writeHead(401).end();
    });
    const content = bytesContent(new Uint8Array(50_000_000));
    await expect(client().upload(url, content, never)).rejects.toThrow(
      '401 Unauthorized; check bus.files.token',
    );
  });

  it('says that nobody listens', async () => {
    await using scope = new Scope();
    const { url, port } = await peer(scope, keeper().listener);
    await scope[Symbol.asyncDispose]();
    await expect(client().upload(url, textContent('x'), never)).rejects.toThrow(
      `connect ECONNREFUSED 127.0.0.1:${port}; check host and port, and whether the file service runs`,
    );
  });

  it.each([
    ['http://example.org:8000/x', 'files do not go to example.org; add it to bus.files.hosts'],
    ['file:///etc/passwd', 'this is not an http(s) URL'],
    ['nonsense', 'this is not an http(s) URL'],
  ])('does not go to %s', async (url, why) => {
    await expect(client().upload(url, textContent('x'), never)).rejects.toThrow(why);
  });

  it('gives up a server that is silent', async () => {
    await using scope = new Scope();
    const { url } = await peer(scope, () => {});
    const hasty = client({ least: { seconds: 0.1, bytes: 10 } });
    await expect(hasty.upload(url, textContent('x'), never)).rejects.toThrow(
      `Upload 1 bytes to ${url}/: only 1 bytes moved in 0.1 s`,
    );
  });

  it('ends with its signal', async () => {
    await using scope = new Scope();
    const stop = new AbortController();
    const { url } = await peer(scope, () => stop.abort(new Error('the IOC stops')));
    await expect(client().upload(url, textContent('x'), stop.signal)).rejects.toThrow(
      'the IOC stops',
    );
  });

  it('shows no password of a URL', async () => {
    const url = 'http://me:hush@127.0.0.1:1/x';
    await expect(client().upload(url, textContent('x'), never)).rejects.not.toThrow(/hush/);
  });
});

describe('a download', () => {
  it('takes the place of what was there', async () => {
    await using scope = new Scope();
    const path = join(folder(scope), 'deep/er/file');
    const { url } = await peer(scope, giving('content'));
    const sha256 = createHash('sha256').update('content').digest('hex');
    const written = await client().download(url, path, sha256.toUpperCase(), never);
    expect(written).toEqual({ bytes: 7, sha256 });
    await client().download(url, path, undefined, never);
    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(readdirSync(join(path, '..'))).toEqual(['file']);
  });

  const broken: [string, RequestListener, string][] = [
    ['is another file', giving('changed'), 'its SHA-256 is'],
    [
      'says that it is too long',
      giving('x'.repeat(200_000), { 'content-length': 200_000 }),
      'it has 200000 bytes, and at most 100000 are taken',
    ],
    [
      'is too long',
      (_, response) => {
        response.writeHead(200);
        response.write('x'.repeat(60_000));
        response.end('x'.repeat(60_000));
      },
      'it is larger than 100000 bytes',
    ],
    [
      'breaks off',
      (request, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('only this', () => request.socket.destroy());
      },
      'aborted',
    ],
    [
      'is gone',
      (_, response) => {
        response.writeHead(404).end();
      },
      '404 Not Found; check the URL, and whether the file is still there',
    ],
  ];

  it.each(broken)('that %s leaves all as it was', async (_, listener, why) => {
    await using scope = new Scope();
    const path = join(folder(scope), 'file');
    writeFileSync(path, 'as it was');
    const { url } = await peer(scope, listener);
    const sha256 = createHash('sha256').update('content').digest('hex');
    const done = client().download(`${url}/f`, path, sha256, never);
    await expect(done).rejects.toThrow(`Download ${url}/f: `);
    await expect(done).rejects.toThrow(why);
    expect(readFileSync(path, 'utf8')).toBe('as it was');
    await vi.waitFor(() => expect(readdirSync(join(path, '..'))).toEqual(['file']));
  });

  it('that drips is given up', async () => {
    await using scope = new Scope();
    const path = join(folder(scope), 'file');
    const { url } = await peer(scope, (_, response) => {
      response.writeHead(200);
      response.write('drip');
    });
    const hasty = client({ least: { seconds: 0.1, bytes: 10 } });
    await expect(hasty.download(url, path, undefined, never)).rejects.toThrow(
      /only [04] bytes moved in 0.1 s/,
    );
    expect(existsSync(path)).toBe(false);
  });
});

describe('a file of a TLS server', () => {
  const tls = { cert: brokerCert, key: brokerKey };

  it('comes from one that shows a certificate of the authority', async () => {
    await using scope = new Scope();
    const path = join(folder(scope), 'file');
    const { url } = await peer(scope, giving('content'), tls);
    const trusting = client({ tls: { ca: [ca], ignoreHostName: true } });
    await trusting.download(url, path, undefined, never);
    const wrong = client({ tls: { ca: [otherCa], ignoreHostName: true } });
    await expect(wrong.download(url, path, undefined, never)).rejects.toThrow(
      'check the certificates of bus.files.tls',
    );
  });

  it('goes to one that wants a certificate of ours', async () => {
    await using scope = new Scope();
    const { got, listener } = keeper();
    const mutual = { ...tls, ca, requestCert: true, rejectUnauthorized: true };
    const { url } = await peer(scope, listener, mutual);
    const known = { ca: [ca], ignoreHostName: true, cert: iocCert, key: iocKey };
    await client({ tls: known }).upload(url, textContent('x'), never);
    expect(got[0]?.body).toBe('x');
    const stranger = client({ tls: { ca: [ca], ignoreHostName: true } });
    await expect(stranger.upload(url, textContent('x'), never)).rejects.toThrow();
  });

  it('does not fall back to a URL without TLS', async () => {
    await using scope = new Scope();
    const { url } = await peer(
      scope,
      (_, response) => {
        response.writeHead(308, { location: 'http://127.0.0.1:1/x' }).end();
      },
      tls,
    );
    const trusting = client({ tls: { ca: [ca], ignoreHostName: true } });
    await expect(trusting.remove(url, never)).rejects.toThrow(
      'sent on to http:, which is not safe',
    );
  });
});

describe('hosts', () => {
  it('are this machine, and those that are named, with any port or one', () => {
    const allows = allowing(['Agent', 'gateway:8443']);
    const ok = ['http://localhost:1/', 'http://[::1]:8000/', 'https://agent/', 'http://AGENT:99/'];
    expect([...ok, 'https://gateway:8443/x'].map((url) => allows(new URL(url)))).not.toContain(
      false,
    );
    const bad = ['http://gateway/', 'http://agent.evil/', 'http://169.254.169.254/'];
    expect(bad.map((url) => allows(new URL(url)))).not.toContain(true);
  });
});
