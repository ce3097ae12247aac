import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const childPath = fileURLToPath(new URL('./libca-child.mjs', import.meta.url));

/** Whether this machine has a libca that can be loaded. */
export function libcaLoads(): boolean {
  return spawnSync(process.execPath, [childPath, '--probe'], { stdio: 'ignore' }).status === 0;
}

/** What libca says of a value: its status, and the DBR struct in this machine's byte order. */
export interface LibcaValue {
  readonly status: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Buffer;
}

export interface ChannelInfo {
  readonly type: number;
  readonly count: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly host: string;
}

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };
type WireValue = { status: number; type: number; count: number; bytes: string };
type Event =
  | { readonly event: 'ready' }
  | { readonly event: 'connection'; readonly channel: number; readonly up: boolean }
  | { readonly event: 'access'; readonly channel: number; readonly rights: number }
  | { readonly event: 'exception'; readonly status: number; readonly context: string }
  | ({ readonly event: 'update'; readonly monitor: number } & WireValue);

/** Starts a client on the real libca that searches on 127.0.0.1 at the port. */
export async function openLibca(udpPort: number): Promise<Libca> {
  const process_ = fork(childPath, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ...process.env,
      EPICS_CA_ADDR_LIST: '127.0.0.1',
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      EPICS_CA_SERVER_PORT: String(udpPort),
      // One thread calls libca and owns its context.
      UV_THREADPOOL_SIZE: '1',
      // Nobody's port, and no program to start: the tests need no repeater, and leave none behind.
      PATH: '/nonexistent',
      EPICS_CA_REPEATER_PORT: '15065',
    },
  });
  const libca = new Libca(process_);
  await libca.ready;
  return libca;
}

/** A client process on libca; ends with its scope. */
export class Libca implements AsyncDisposable {
  readonly ready: Promise<void>;
  /** What libca's exception handler was called with. */
  readonly exceptions: { status: number; context: string }[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #channels = new Map<number, LibcaChannel>();
  readonly #monitors = new Map<number, LibcaValue[]>();
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the libca client ended with ${code}`)));
      child.on('message', (message: Answer | Event) => {
        if (!('event' in message)) this.#settle(message);
        else if (message.event === 'ready') resolve();
        else this.#note(message);
      });
    });
  }

  /** Creates a channel; it connects when the server answers. */
  async channel(name: string, priority = 0): Promise<LibcaChannel> {
    const channel = new LibcaChannel(this, ++this.#lastId);
    this.#channels.set(channel.id, channel);
    await this.call('create', { channel: channel.id, name, priority });
    return channel;
  }

  call(op: string, given: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error, result }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
      this.#child.send({ id, op, ...given });
    });
  }

  /** Where the updates of a new monitor will gather. */
  gather(): { monitor: number; updates: LibcaValue[] } {
    const monitor = ++this.#lastId;
    const updates: LibcaValue[] = [];
    this.#monitors.set(monitor, updates);
    return { monitor, updates };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }

  #settle(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  #note(event: Exclude<Event, { event: 'ready' }>): void {
    switch (event.event) {
      case 'connection':
        this.#channels.get(event.channel)?.connections.push(event.up);
        return;
      case 'access':
        this.#channels.get(event.channel)?.rights.push(event.rights);
        return;
      case 'exception':
        this.exceptions.push(event);
        return;
      case 'update':
        this.#monitors.get(event.monitor)?.push(toValue(event));
    }
  }
}

/** One channel of the libca client. */
export class LibcaChannel {
  readonly id: number;
  /** Up and down, as they came. */
  readonly connections: boolean[] = [];
  /** Access rights, as they came: bit 0 read, bit 1 write. */
  readonly rights: number[] = [];
  readonly #libca: Libca;

  constructor(libca: Libca, id: number) {
    this.#libca = libca;
    this.id = id;
  }

  get connected(): boolean {
    return this.connections.at(-1) === true;
  }

  async info(): Promise<ChannelInfo> {
    return (await this.#libca.call('info', { channel: this.id })) as ChannelInfo;
  }

  async get(type: number, count = 1): Promise<LibcaValue> {
    const value = await this.#libca.call('get', { channel: this.id, type, count });
    return toValue(value as WireValue);
  }

  /** ca_array_put: no answer. `bytes` in this machine's order. */
  async put(type: number, bytes: Buffer, count = 1): Promise<void> {
    const given = { channel: this.id, type, count, bytes: bytes.toString('base64') };
    await this.#libca.call('put', given);
  }

  /** ca_array_put_callback: the status with which the put ended. */
  async putNotify(type: number, bytes: Buffer, count = 1): Promise<number> {
    const given = { channel: this.id, type, count, bytes: bytes.toString('base64') };
    return ((await this.#libca.call('putNotify', given)) as WireValue).status;
  }

  /** Subscribes; updates gather in the array as they come. */
  async monitor(type: number, count = 1, mask = 5): Promise<LibcaMonitor> {
    const { monitor, updates } = this.#libca.gather();
    await this.#libca.call('subscribe', { channel: this.id, monitor, type, count, mask });
    const cancel = async () => {
      await this.#libca.call('unsubscribe', { monitor });
    };
    return { updates, cancel };
  }

  async clear(): Promise<void> {
    await this.#libca.call('clear', { channel: this.id });
  }
}

export interface LibcaMonitor {
  readonly updates: readonly LibcaValue[];
  cancel(): Promise<void>;
}

function toValue({ status, type, count, bytes }: WireValue): LibcaValue {
  return { status, type, count, bytes: Buffer.from(bytes, 'base64') };
}
