import { createSocket, type Socket } from 'node:dgram';
import { hostname } from 'node:os';
import {
  type AmsAddress,
  amsNetId,
  netIdBytes,
  osVersion,
  Port,
  ROUTER_ANSWER,
  type RouterDatagram,
  RouterService,
  RouterTag,
  routerDatagram,
  statusTag,
  type TaggedBytes,
  taggedText,
  taggedValue,
  textTag,
  twinCatVersion,
} from '../ads/index.ts';
import { encoded, IocError, Reader } from '../kernel/index.ts';
import type { Surroundings } from './conversation.ts';
import { versionOf } from './io-server.ts';
import { Result } from './refusal.ts';

/** Says of itself what a Windows of 2021 would. */
const OS = { major: 10, minor: 0, build: 19044, platform: 2, text: '' };

/** The UDP port of the router: says who it is, adds and deletes routes (facts/ads.md section 4). */
export class RouterPort implements AsyncDisposable {
  readonly #around: Surroundings;
  readonly #socket: Socket = createSocket('udp4');
  readonly #self: AmsAddress;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#self = { netId: amsNetId(around.plant.chain.systemNetId), port: Port.system };
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Rejects with `simulator/listen` when the port cannot be had. */
  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', (cause) => {
        const advice = 'choose another port or stop what uses it';
        reject(
          new IocError('simulator/listen', `Listen on UDP ${host}:${port}: ${advice}`, { cause }),
        );
      });
      this.#socket.bind(port, host, resolve);
    });
    // An answer that nobody takes any more is no news.
    this.#socket.on('error', () => {});
    this.#socket.on('message', (bytes, from) => {
      const answer = this.#answer(bytes);
      if (answer !== undefined) this.#socket.send(answer, from.port, from.address);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #answer(bytes: Uint8Array): Uint8Array | undefined {
    if (this.#around.disturbance.silent) return undefined;
    const request = decodedOrNothing(bytes);
    const tags = request && this.#tagsFor(request);
    if (request === undefined || tags === undefined) return undefined;
    const service = (request.service | ROUTER_ANSWER) >>> 0;
    return encoded(routerDatagram, { ...request, service, sender: this.#self, tags });
  }

  #tagsFor({ service, tags }: RouterDatagram): readonly TaggedBytes[] | undefined {
    switch (service) {
      case RouterService.discover:
        return this.#identity();
      case RouterService.addRoute:
        return [statusTag(this.#isAllowed(tags) ? this.#addRoute(tags) : Result.invalidAccess)];
      case RouterService.deleteRoute:
        return [statusTag(this.#isAllowed(tags) ? this.#deleteRoute(tags) : Result.invalidAccess)];
      default:
        return undefined;
    }
  }

  #identity(): readonly TaggedBytes[] {
    const { version, build } = this.#around.plant.chain.server;
    const fingerprint = Buffer.from(this.#self.netId).toString('hex').padEnd(64, '0');
    return [
      textTag(RouterTag.host, hostname()),
      { id: RouterTag.osVersion, bytes: encoded(osVersion, OS) },
      {
        id: RouterTag.twinCatVersion,
        bytes: encoded(twinCatVersion, { ...versionOf(version), build }),
      },
      textTag(RouterTag.fingerprint, fingerprint),
    ];
  }

  #isAllowed(tags: readonly TaggedBytes[]): boolean {
    const { user, password } = this.#around.routes.credentials;
    const isUser = taggedText(tags, RouterTag.user) === user;
    return isUser && taggedText(tags, RouterTag.password) === password;
  }

  #addRoute(tags: readonly TaggedBytes[]): number {
    const name = taggedText(tags, RouterTag.routeName);
    const netId = taggedValue(tags, RouterTag.netId, netIdBytes);
    if (name === undefined || netId === undefined) return Result.invalidData;
    this.#around.routes.add(name, netId);
    return 0;
  }

  #deleteRoute(tags: readonly TaggedBytes[]): number {
    const name = taggedText(tags, RouterTag.routeName);
    return name !== undefined && this.#around.routes.delete(name) ? 0 : Result.deviceError;
  }
}

/** What others send to the port gets no answer. */
function decodedOrNothing(bytes: Uint8Array): RouterDatagram | undefined {
  try {
    return routerDatagram.decode(new Reader(bytes));
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}
