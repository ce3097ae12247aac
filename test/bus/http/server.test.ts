import { once } from 'node:events';
import { request } from 'node:https';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { HttpRefusal } from '../../../src/bus/http/refusal.ts';
import { type HttpOptions, type Route, serveHttp } from '../../../src/bus/http/server.ts';
import { Scope, silentLog, systemClock } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey } from '../../ads/certificates.ts';
import { answerTo, rawHttp } from './raw-http.ts';

const echo: Route = {
  path: '/echo',
  async answer(exchange) {
    if (exchange.path === '/broken') throw new Error('a secret of the house');
    if (exchange.path === '/teapot') throw new HttpRefusal(418, 'I am none');
    if (exchange.method === 'GET') return exchange.answer(200, { path: exchange.path });
    exchange.answer(200, await exchange.json(20));
  },
};

async function served(scope: Scope, more: Partial<HttpOptions> = {}) {
  const options = { host: '127.0.0.1', port: 0, log: silentLog, clock: systemClock, ...more };
  return scope.use(await serveHttp([echo], options));
}

const tls = { cert: brokerCert, key: brokerKey };

/** Status of a GET over TLS. */
async function secureGet(port: number, own: { cert?: string; key?: string } = {}) {
  const options = { host: '127.0.0.1', port, path: '/echo/x', ca, servername: 'localhost' };
  const asked = request({ ...options, ...own, agent: false });
  asked.end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode as number;
}

describe('the HTTP server', () => {
  it('answers in JSON, errors too', async () => {
    await using scope = new Scope();
    const { url } = await served(scope);
    const get = async (path: string) => {
      const answer = await fetch(`${url}${path}`);
      return [answer.status, await answer.text()];
    };
    expect(await get('/echo/a%20b?c=d')).toEqual([200, '{"path":"/a%20b"}']);
    expect(await get('/echo/teapot')).toEqual([418, '{"error":"I am none"}']);
    expect(await get('/echo/broken')).toEqual([500, '{"error":"Internal error"}']);
    expect(await get('/echoes')).toEqual([404, '{"error":"there is nothing at this path"}']);
  });

  it('takes JSON that says so, and refuses all else', async () => {
    await using scope = new Scope();
    const { url } = await served(scope);
    const post = async (body: string | Uint8Array, type = 'application/json') => {
      const headers = { 'content-type': type };
      const sent = body as string;
      return (await fetch(`${url}/echo/x`, { method: 'POST', body: sent, headers })).status;
    };
    expect(await post('{"a":1}')).toBe(200);
    expect(await post('{"a":1}', 'application/merge-patch+json; charset=utf-8')).toBe(200);
    expect(await post('{"a":1}', 'text/plain')).toBe(415);
    expect(await post('{"a":')).toBe(400);
    expect(await post(new Uint8Array([0x22, 0xff, 0x22]))).toBe(400);
    expect(await post(`{"a":"${'x'.repeat(20)}"}`)).toBe(413);
  });

  it('refuses a body that is too long before it came', async () => {
    await using scope = new Scope();
    const { port } = await served(scope);
    const raw = await rawHttp(scope, port);
    const headers = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n';
    raw.socket.write(`POST /echo/x HTTP/1.1\r\n${headers}\r\n{`);
    await vi.waitFor(() => expect(raw.text()).toMatch(/^HTTP\/1.1 413 /));
  });

  it('wants its token where it has one', async () => {
    await using scope = new Scope();
    const { url } = await served(scope, { token: 'sesame' });
    const get = async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await fetch(`${url}/echo/x`, { headers });
      return [answer.status, answer.headers.get('www-authenticate')];
    };
    expect(await get()).toEqual([401, 'Bearer']);
    expect(await get('Bearer sesam')).toEqual([401, 'Bearer']);
    expect(await get('Basic sesame')).toEqual([401, 'Bearer']);
    expect(await get('Bearer sesame')).toEqual([200, null]);
  });

  it('answers only to its names where it has some', async () => {
    await using scope = new Scope();
    const { port } = await served(scope, { names: ['localhost', '[::1]'] });
    const status = async (host: string) => {
      const lines = `GET /echo/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      return (await answerTo(scope, port, lines)).slice(9, 12);
    };
    expect(await status('localhost:8000')).toBe('200');
    expect(await status('[::1]')).toBe('200');
    expect(await status('rebound.example.org')).toBe('421');
  });

  it.each([
    ['no HTTP at all', '\x10\x1a\x00\x04MQTT\x04\x02\x00<\x00\x0eclient\r\n\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, '431'],
    [
      'two lengths',
      'PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      '400',
    ],
    [
      'a length beside chunks',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      '400',
    ],
    [
      'a length that is none',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
      '400',
    ],
    ['a line break in a header', 'GET /echo HTTP/1.1\r\nHost: x\r\nA: b\nc: d\r\r\n\r\n', '400'],
  ])('closes on %s', async (_, bytes, status) => {
    await using scope = new Scope();
    const { port, url } = await served(scope);
    expect(await answerTo(scope, port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fetch(`${url}/echo/x`)).status).toBe(200);
  });

  it('outlives garbage', async () => {
    await using scope = new Scope();
    const { port, url } = await served(scope);
    const part = fc.oneof(
      fc.constantFrom('GET ', 'PUT ', '/echo', ' HTTP/1.1', '\r\n', 'Host: x\r\n', '\r\n\r\n'),
      fc.constantFrom('Content-Length: 3\r\n', 'Transfer-Encoding: chunked\r\n', 'ffffffff\r\n'),
      fc.string({ maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const raw = await rawHttp(scope, port);
        raw.socket.end(parts.join(''), 'latin1');
        raw.socket.destroySoon();
        await raw.closed;
      }),
      { numRuns: 100 },
    );
    expect((await fetch(`${url}/echo/x`)).status).toBe(200);
  });

  it('cuts off who never comes to the end of its headers', async () => {
    await using scope = new Scope();
    const { port } = await served(scope, { patience: 0.1 });
    expect(await answerTo(scope, port, 'GET /echo HTTP/1.1\r\nHost: x\r\nA: b')).toMatch(/ 408 /);
    const secure = await served(scope, { patience: 0.1, tls });
    for (const bytes of ['', '\x16\x03\x01', 'GET /']) await answerTo(scope, secure.port, bytes);
  });

  it('closes connections above its bound, and takes new ones when old ones go', async () => {
    await using scope = new Scope();
    const { port } = await served(scope, { maxConnections: 2 });
    const [first] = [await rawHttp(scope, port), await rawHttp(scope, port)];
    expect(await answerTo(scope, port, 'GET /echo/x HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
    first.socket.destroy();
    const get = 'GET /echo/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    await vi.waitFor(async () => expect(await answerTo(scope, port, get)).toMatch(/ 200 /));
  });

  it('closes every connection when it ends', async () => {
    await using scope = new Scope();
    const server = await served(scope);
    const raw = await rawHttp(scope, server.port);
    raw.socket.write('GET /echo/x HTTP/1.1\r\nHost: x\r\n\r\nPUT ');
    await vi.waitFor(() => expect(raw.text()).toMatch(/ 200 /));
    await server[Symbol.asyncDispose]();
    await raw.closed;
  });

  it('says where it cannot listen', async () => {
    await using scope = new Scope();
    const { port } = await served(scope);
    await expect(served(scope, { port })).rejects.toThrow(
      `Serve files and entities on 127.0.0.1:${port}: listen EADDRINUSE`,
    );
  });
});

describe('the HTTPS server', () => {
  it('serves over TLS, and sends who comes without there', async () => {
    await using scope = new Scope();
    const { port, url } = await served(scope, { tls });
    expect(url).toBe(`https://127.0.0.1:${port}`);
    expect(await secureGet(port)).toBe(200);
    const plain = await fetch(`http://127.0.0.1:${port}/echo/x?y=z`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([
      308,
      `https://127.0.0.1:${port}/echo/x?y=z`,
    ]);
  });

  it('sends nobody to a host that is none', async () => {
    await using scope = new Scope();
    const { port } = await served(scope, { tls });
    const answer = await answerTo(scope, port, 'GET /x HTTP/1.1\r\nHost: a b"<\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  it('lets in only those with a certificate, where it has an authority', async () => {
    await using scope = new Scope();
    const { port } = await served(scope, { tls: { ...tls, ca: [ca] } });
    expect(await secureGet(port, { cert: iocCert, key: iocKey })).toBe(200);
    await expect(secureGet(port)).rejects.toThrow(/certificate required|ECONNRESET|socket hang up/);
  });

  it('outlives a handshake that is garbage, and closes at once when it ends', async () => {
    await using scope = new Scope();
    const server = await served(scope, { tls });
    await answerTo(scope, server.port, '\x16\x03\x01\x00\x05hello');
    const silent = await rawHttp(scope, server.port);
    expect(await secureGet(server.port)).toBe(200);
    await server[Symbol.asyncDispose]();
    await silent.closed;
  });
});
