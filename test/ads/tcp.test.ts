import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import {
  AMS_TCP_HEADER,
  amsNetId,
  amsPort,
  amsTcpRule,
  connectAds,
  decodePacket,
  deviceNotification,
  encodePacket,
  openTcp,
  Port,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  read,
  readBytes,
  toTcp,
} from '../../src/ads/index.ts';
import { encoded, Framer, Scope, silentLog } from '../../src/kernel/index.ts';
import { bytes, hex } from './bytes.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: Port.ioServer };
const place = { group: 0x5000, offset: 2, length: 4 };

/** A server on a free port of the loopback that lets the test have its sockets. */
async function listen(scope: Scope, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  scope.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers every request with its offset as data; counts the chunks that came. */
function echo(onChunk: (chunk: Buffer) => void = () => {}) {
  return (socket: Socket) => {
    const framer = new Framer(amsTcpRule);
    socket.on('data', (chunk) => {
      onChunk(chunk);
      framer.push(chunk, (frame) => {
        const { header, payload } = decodePacket(frame.subarray(AMS_TCP_HEADER));
        const answer = { result: 0, bytes: payload.slice(4, 8) };
        socket.write(
          toTcp(
            encodePacket(
              {
                ...header,
                target: header.source,
                source: header.target,
                stateFlags: RESPONSE_FLAGS,
              },
              encoded(read.response, answer),
            ),
          ),
        );
      });
    });
  };
}

function connectTo(port: number, scope: Scope) {
  return connectAds(
    {
      transport: { kind: 'tcp', host: '127.0.0.1', port },
      source: { port: amsPort(8000) },
      log: silentLog,
    },
    scope.signal,
  );
}

describe('a client over TCP', () => {
  it('takes its NetId from the local address and reads', async () => {
    await using scope = new Scope();
    const client = scope.use(await connectTo(await listen(scope, echo()), scope));
    expect(client.source).toEqual({ netId: '127.0.0.1.1.1', port: 8000 });
    expect(hex(await readBytes(client, target, place))).toBe('02 00 00 00');
  });

  it('keeps the NetId that it is given', async () => {
    await using scope = new Scope();
    const port = await listen(scope, echo());
    const source = { netId: amsNetId('1.2.3.4.5.6'), port: amsPort(1) };
    const options = { transport: { kind: 'tcp' as const, host: '127.0.0.1', port }, source };
    const client = scope.use(await connectAds({ ...options, log: silentLog }));
    expect(client.source).toEqual(source);
  });

  it('sends the requests of one tick in one write', async () => {
    await using scope = new Scope();
    const chunks: number[] = [];
    const port = await listen(
      scope,
      echo((chunk) => chunks.push(chunk.length)),
    );
    const client = scope.use(await connectTo(port, scope));
    await Promise.all(Array.from({ length: 50 }, () => readBytes(client, target, place)));
    expect(chunks).toEqual([50 * 50]);
  });

  it('reassembles packets that come byte by byte, and floods that come at once', async () => {
    await using scope = new Scope();
    const samples = [{ handle: 1, bytes: new Uint8Array(300_000).fill(7) }];
    const big = encodePacket(
      {
        target,
        source: target,
        command: 8,
        stateFlags: REQUEST_FLAGS,
        invokeId: 0,
      },
      encoded(deviceNotification, [{ time: { low: 0, high: 0 }, samples }]),
    );
    const small = encodePacket(
      { target, source: target, command: 8, stateFlags: REQUEST_FLAGS, invokeId: 0 },
      encoded(deviceNotification, []),
    );
    const port = await listen(scope, async (socket) => {
      for (let i = 0; i < 5; i++) socket.write(toTcp(big));
      for (const byte of toTcp(small)) {
        socket.write(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      socket.write(toTcp(new Uint8Array(0)));
      socket.write(toTcp(big));
    });
    const client = scope.use(await connectTo(port, scope));
    let size = 0;
    client.notifications$.subscribe(({ payload }) => {
      size += payload.length;
    });
    await vi.waitFor(() => expect(client.counters.notificationFrames).toBe(7), 10_000);
    expect(size).toBe(6 * (big.length - 32) + 8);
    expect(client.counters.malformed).toBe(1);
  });

  it('lets others have their turn while a flood is worked on', async () => {
    await using scope = new Scope();
    const packet = encodePacket(
      { target, source: target, command: 8, stateFlags: REQUEST_FLAGS, invokeId: 0 },
      encoded(deviceNotification, [
        { time: { low: 0, high: 0 }, samples: [{ handle: 1, bytes: new Uint8Array(60_000) }] },
      ]),
    );
    const packets = 200;
    const port = await listen(scope, (socket) => {
      for (let i = 0; i < packets; i++) socket.write(toTcp(packet));
    });
    let taken = 0;
    let turnsOfOthers = 0;
    const others = setInterval(() => turnsOfOthers++, 1);
    scope.defer(() => clearInterval(others));
    const slow = () => {
      taken++;
      for (const until = performance.now() + 3; performance.now() < until; );
    };
    const host = '127.0.0.1';
    scope.use(await openTcp({ host, port, log: silentLog }, slow, scope.signal));
    await vi.waitFor(() => expect(taken).toBe(packets), 10_000);
    // 600 ms of work; turns of 10 ms give the others some fifty.
    expect(turnsOfOthers).toBeGreaterThan(20);
  });

  it('ignores what local routers say beside AMS packets', async () => {
    await using scope = new Scope();
    const port = await listen(scope, (socket) => {
      socket.write(bytes('01 10 04 00 00 00 01 00 00 00'));
      echo()(socket);
    });
    const client = scope.use(await connectTo(port, scope));
    expect(hex(await readBytes(client, target, place))).toBe('02 00 00 00');
    expect(client.counters.malformed).toBe(0);
  });

  it('ends, with what is pending, when the peer closes', async () => {
    await using scope = new Scope();
    const port = await listen(scope, (socket) => socket.once('data', () => socket.end()));
    const client = scope.use(await connectTo(port, scope));
    await expect(readBytes(client, target, place)).rejects.toThrow(
      /connection to tcp:\/\/127.0.0.1:\d+ lost: closed by the peer; .* Add a route for NetId 127/,
    );
    expect(await client.ended).toMatchObject({ kind: 'lost', reason: 'closed by the peer' });
  });

  it('ends when the stream is no AMS/TCP', async () => {
    await using scope = new Scope();
    const port = await listen(scope, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n'));
    const client = scope.use(await connectTo(port, scope));
    expect(await client.ended).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('AMS/TCP frame of'),
    });
  });

  it('closes when disposed of, and says so', async () => {
    await using scope = new Scope();
    let closed = false;
    const port = await listen(scope, (socket) => {
      socket.resume();
      socket.on('close', () => {
        closed = true;
      });
    });
    const client = await connectTo(port, scope);
    const pending = readBytes(client, target, place);
    const settled = expect(pending).rejects.toThrow(/connection to .* is closed$/);
    await client[Symbol.asyncDispose]();
    await settled;
    expect(await client.ended).toEqual({ kind: 'closed' });
    await vi.waitFor(() => expect(closed).toBe(true), 5000);
  });
});

describe('connecting', () => {
  it('says that nobody listens', async () => {
    await using scope = new Scope();
    const closing = new Scope();
    const port = await listen(closing, () => {});
    await closing[Symbol.asyncDispose]();
    await expect(connectTo(port, scope)).rejects.toThrow(
      `Connect to tcp://127.0.0.1:${port}: refused: is TwinCAT (or the simulator) running there?`,
    );
  });

  it('says that the host is unknown', async () => {
    const transport = openTcp({ host: 'nowhere.invalid', log: silentLog }, () => {});
    await expect(transport).rejects.toMatchObject({ code: 'ads/connect' });
  });

  it('can be aborted', async () => {
    await using scope = new Scope();
    const abort = new AbortController();
    const port = await listen(scope, () => {});
    const options = { host: '127.0.0.1', port, log: silentLog };
    const opening = openTcp(options, () => {}, abort.signal);
    abort.abort(new Error('never mind'));
    await expect(opening).rejects.toThrow('never mind');
  });

  it('gives up after its time', async () => {
    await using scope = new Scope();
    const port = await listen(scope, () => {});
    const clock = {
      now: () => 0,
      monotonic: () => 0,
      every: () => ({ [Symbol.dispose]: () => {} }),
      after: (_: number, call: () => void) => {
        queueMicrotask(call);
        return { [Symbol.dispose]: () => {} };
      },
    };
    const options = { host: '127.0.0.1', port, connectTimeoutMs: 300, log: silentLog, clock };
    await expect(openTcp(options, () => {})).rejects.toThrow('no answer within 300 ms');
  });
});
