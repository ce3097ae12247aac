import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fileService } from '../../../src/bus/files/file-service.ts';
import { FileStore } from '../../../src/bus/files/file-store.ts';
import { type HttpOptions, serveHttp } from '../../../src/bus/http/server.ts';
import { Scope, silentLog, systemClock } from '../../../src/kernel/index.ts';
import { answerTo, rawHttp } from '../http/raw-http.ts';

const limits = { maxBytes: 10_000, maxFiles: 10 };

async function service(scope: Scope, more: Partial<HttpOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-files-'));
  scope.defer(() => rmSync(folder, { recursive: true }));
  const store = await FileStore.open(folder, limits);
  const options = { host: '127.0.0.1', port: 0, log: silentLog, clock: systemClock, ...more };
  const server = scope.use(await serveHttp([fileService(store)], options));
  const at = (path: string) => `${server.url}/te/v1/files${path}`;
  const put = (path: string, body: string) => fetch(at(path), { method: 'PUT', body });
  const inside = join(folder, 'files');
  const left = () => readdirSync(inside, { recursive: true });
  return {
    folder,
    inside,
    left,
    drafts: () => readdirSync(join(folder, 'incoming')),
    store,
    server,
    at,
    put,
  };
}

const request = (method: string, path: string, headers: string, body = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`;

describe('the file service', () => {
  it('keeps what is put, makes its folders, and gives it back', async () => {
    await using scope = new Scope();
    const { at, put, inside } = await service(scope);
    expect((await put('/server/log_upload/ioc-1', 'lines')).status).toBe(201);
    const got = await fetch(at('/server/log_upload/ioc-1'));
    expect([got.status, await got.text()]).toEqual([200, 'lines']);
    expect(readFileSync(join(inside, 'server/log_upload/ioc-1'), 'utf8')).toBe('lines');
  });

  it('replaces a file', async () => {
    await using scope = new Scope();
    const { at, put, store } = await service(scope);
    await put('/a', 'a first, longer one');
    expect((await put('/a', 'second')).status).toBe(201);
    expect(await (await fetch(at('/a'))).text()).toBe('second');
    expect(store.usage).toEqual({ files: 1, bytes: 6 });
  });

  it('takes a body of unknown length', async () => {
    await using scope = new Scope();
    const { at, server, store } = await service(scope);
    const chunks = '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
    const text = request('PUT', '/te/v1/files/chunked', 'Transfer-Encoding: chunked\r\n', chunks);
    expect(await answerTo(scope, server.port, text)).toMatch(/^HTTP\/1.1 201 /);
    expect(await (await fetch(at('/chunked'))).text()).toBe('abcde');
    expect(store.usage).toEqual({ files: 1, bytes: 5 });
  });

  it('has no file where there is none, or a folder', async () => {
    await using scope = new Scope();
    const { at, put } = await service(scope);
    await put('/a/b', 'x');
    for (const path of ['/none', '/a', '', '/', '/a/b/c']) {
      expect((await fetch(at(path))).status, path).toBe(404);
    }
  });

  it('says 409 to a file in the place of a folder, and to one below a file', async () => {
    await using scope = new Scope();
    const { put, left } = await service(scope);
    await put('/a/b', 'x');
    for (const path of ['/a', '', '/a/b/c']) {
      expect((await put(path, 'y')).status, path).toBe(409);
    }
    expect(left().sort()).toEqual(['a', 'a/b']);
  });

  it('says 202 to DELETE of a file, there or not, and 404 of a folder', async () => {
    await using scope = new Scope();
    const { at, put, left, store } = await service(scope);
    await put('/a/b/c', 'x');
    const remove = async (path: string) => (await fetch(at(path), { method: 'DELETE' })).status;
    expect(await remove('/a')).toBe(404);
    expect(await remove('/a/none')).toBe(202);
    expect(await remove('/a/b/c')).toBe(202);
    expect(await remove('/a/b/c')).toBe(202);
    expect(left()).toEqual([]);
    expect(store.usage).toEqual({ files: 0, bytes: 0 });
  });

  it('says which methods there are to any other', async () => {
    await using scope = new Scope();
    const { at } = await service(scope);
    const answer = await fetch(at('/a'), { method: 'POST', body: 'x' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, DELETE']);
  });

  it.each([
    '/te/v1/files/../../../../etc/passwd',
    '/te/v1/files/%2e%2e/%2e%2e/etc/passwd',
    '/te/v1/files/a/..%2f..%2f..%2fetc/passwd',
    '/te/v1/files/../incoming/x',
    '/te/v1/filesx',
    '/te/v1/',
    '/etc/passwd',
    'http://x/te/v1/files/../secret',
  ])('has nothing outside its root: %s', async (path) => {
    await using scope = new Scope();
    const { server, folder } = await service(scope);
    writeFileSync(join(folder, 'secret'), 'not yours');
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await answerTo(
        scope,
        server.port,
        request(method, path, 'Content-Length: 0\r\n'),
      );
      expect(answer, method).toMatch(/^HTTP\/1.1 404 /);
    }
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('not yours');
  });

  it('follows no link that somebody put into its folder', async () => {
    await using scope = new Scope();
    const { at, put, folder, inside } = await service(scope);
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/secret'), 'not yours');
    symlinkSync(join(folder, 'elsewhere'), join(inside, 'out'));
    symlinkSync(join(folder, 'elsewhere/secret'), join(inside, 'leak'));
    for (const path of ['/out/secret', '/leak']) {
      expect((await fetch(at(path))).status, path).toBe(404);
      expect((await put(path, 'overwritten')).status, path).toBe(404);
    }
    expect((await put('/out/new', 'x')).status).toBe(404);
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['secret']);
    expect(readFileSync(join(folder, 'elsewhere/secret'), 'utf8')).toBe('not yours');
  });

  it('says 507 when there is no room, before the body came and while it comes', async () => {
    await using scope = new Scope();
    const { at, put, server, store, drafts } = await service(scope);
    await put('/a', 'x'.repeat(6000));
    const told = await put('/b', 'x'.repeat(6000));
    expect([told.status, await told.text()]).toEqual([
      507,
      '{"error":"1 of 10 files and 6000 of 10000 bytes are taken; delete what is no longer needed"}',
    ]);
    const chunk = `1770\r\n${'x'.repeat(6000)}\r\n0\r\n\r\n`;
    const text = request('PUT', '/te/v1/files/b', 'Transfer-Encoding: chunked\r\n', chunk);
    expect(await answerTo(scope, server.port, text)).toMatch(/^HTTP\/1.1 507 /);
    expect(store.usage).toEqual({ files: 1, bytes: 6000 });
    expect(drafts()).toEqual([]);
    await fetch(at('/a'), { method: 'DELETE' });
    expect((await put('/b', 'x'.repeat(6000))).status).toBe(201);
  });

  it('says 507 when there are too many files', async () => {
    await using scope = new Scope();
    const { put } = await service(scope);
    for (let i = 0; i < limits.maxFiles; i++) expect((await put(`/${i}`, '')).status).toBe(201);
    expect((await put('/more', '')).status).toBe(507);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    await using scope = new Scope();
    const { server, store, drafts, left } = await service(scope);
    const raw = await rawHttp(scope, server.port);
    raw.socket.write(request('PUT', '/te/v1/files/half', 'Content-Length: 5000\r\n', 'only this'));
    await vi.waitFor(() => expect(drafts()).toHaveLength(1));
    expect(store.usage).toEqual({ files: 1, bytes: 5000 });
    raw.socket.destroy();
    await vi.waitFor(() => expect(store.usage).toEqual({ files: 0, bytes: 0 }));
    await vi.waitFor(() => expect(drafts()).toEqual([]));
    expect(left()).toEqual([]);
  });

  it('cuts off a client that sends slowly on purpose', async () => {
    await using scope = new Scope();
    const { server, drafts, store } = await service(scope, {
      least: { seconds: 0.1, bytes: 1000 },
    });
    const raw = await rawHttp(scope, server.port);
    raw.socket.write(request('PUT', '/te/v1/files/slow', 'Content-Length: 5000\r\n', 'drip'));
    await raw.closed;
    await vi.waitFor(() => expect(store.usage).toEqual({ files: 0, bytes: 0 }));
    await vi.waitFor(() => expect(drafts()).toEqual([]));
  });

  it('refuses an upload before its body where the client asks first', async () => {
    await using scope = new Scope();
    const { server } = await service(scope, { token: 'sesame' });
    const headers = 'Expect: 100-continue\r\nContent-Length: 5\r\n';
    const refused = await answerTo(scope, server.port, request('PUT', '/te/v1/files/a', headers));
    expect(refused).toMatch(/^HTTP\/1.1 401 /);
    const raw = await rawHttp(scope, server.port);
    const known = `${headers}Authorization: Bearer sesame\r\n`;
    raw.socket.write(request('PUT', '/te/v1/files/a', known));
    await vi.waitFor(() => expect(raw.text()).toBe('HTTP/1.1 100 Continue\r\n\r\n'));
    raw.socket.write('hello');
    expect(await raw.closed).toMatch(/HTTP\/1.1 201 /);
  });

  it('says 500, and no more, of what the disk says', async () => {
    await using scope = new Scope();
    const { put, folder } = await service(scope);
    rmSync(join(folder, 'incoming'), { recursive: true });
    const answer = await put('/a', 'x');
    expect([answer.status, await answer.text()]).toEqual([500, '{"error":"Internal error"}']);
  });

  it('counts what it finds, and drops what an earlier life left half', async () => {
    await using scope = new Scope();
    const { folder, inside } = await service(scope);
    mkdirSync(join(inside, 'a'));
    writeFileSync(join(inside, 'a/b'), '12345');
    writeFileSync(join(folder, 'incoming/left'), 'half of it');
    const again = await FileStore.open(folder, limits);
    expect(again.usage).toEqual({ files: 1, bytes: 5 });
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('has the right count after uploads, replacements and deletions at one time', async () => {
    await using scope = new Scope();
    const { at, put, store, left, inside } = await service(scope);
    const names = ['/a/1', '/a/2', '/b/1'];
    const work = Array.from({ length: 60 }, (_, i) => {
      const path = names[i % 3] ?? '';
      return i % 4 === 3 ? fetch(at(path), { method: 'DELETE' }) : put(path, 'x'.repeat(i));
    });
    const statuses = (await Promise.all(work)).map(({ status }) => status);
    expect(statuses.filter((status) => ![201, 202, 507].includes(status))).toEqual([]);
    const files = left()
      .map(String)
      .filter((name) => name.includes('/'));
    const sizes = files.map((name) => readFileSync(join(inside, name)).length);
    expect(store.usage).toEqual({ files: files.length, bytes: sizes.reduce((a, b) => a + b, 0) });
  });
});
