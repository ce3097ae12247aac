import type {
  FieldType,
  InputSource,
  Metadata,
  PutOutcome,
  PvValue,
  RemoteLinks,
  RemotePv,
  RemoteRequest,
} from '../../pv/index.ts';
import { EventMask } from '../../pv/index.ts';
import { Base, Family, fieldTypeOf } from '../dbr.ts';
import { CaClient } from './client.ts';
import type { ClientChannel } from './client-channel.ts';
import type { CaClientOptions } from './options.ts';
import type { Reading } from './reading.ts';

/** A put with completion may wait for a motor: this long. */
const LONGEST_PUT_SECONDS = 24 * 3600;
const INVALID = 3;
const UPDATES = EventMask.value | EventMask.alarm;

/**
 * PVs of other IOCs for links of records and for rules of access security. The client behind them
 * begins with the first: an IOC without such links opens no sockets for them.
 */
export class CaLinks implements RemoteLinks, InputSource, AsyncDisposable {
  readonly #options: () => CaClientOptions;
  #client: CaClient | undefined;

  /** `options`: asked when the client begins; a start-up file may set the environment before. */
  constructor(options: () => CaClientOptions) {
    this.#options = options;
  }

  /** The client, once something was asked for. */
  get client(): CaClient | undefined {
    return this.#client;
  }

  open(request: RemoteRequest): RemotePv {
    return new LinkedPv(this.#start(), request);
  }

  watch(pv: string, tell: (value: number | undefined) => void): Disposable {
    const changed = ({ connected, readable }: ClientChannel) => {
      if (!connected || !readable) tell(undefined);
    };
    const channel = this.#start().channel(pv, { changed });
    channel.subscribe(
      { family: Family.sts, base: Base.double, count: 1, mask: UPDATES },
      {
        update: ({ value, severity }) => tell(severity === INVALID ? undefined : numberOf(value)),
        failed: () => tell(undefined),
      },
    );
    return channel;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.[Symbol.asyncDispose]();
  }

  #start(): CaClient {
    this.#client ??= CaClient.start(this.#options());
    return this.#client;
  }
}

/** A PV of another IOC, as last heard of. */
class LinkedPv implements RemotePv {
  readonly #channel: ClientChannel;
  #reading: Reading | undefined;
  #metadata: Metadata | undefined;

  constructor(client: CaClient, { name, isMonitored, changed }: RemoteRequest) {
    this.#channel = client.channel(name, { changed: () => this.#noticed(changed) });
    if (!isMonitored) return;
    this.#channel.subscribe(
      { family: Family.time, mask: UPDATES },
      {
        update: (reading) => {
          this.#reading = reading;
          changed();
        },
      },
    );
    this.#channel.subscribe(
      { family: Family.ctrl, count: 1, mask: EventMask.property },
      { update: ({ metadata }) => this.#learn(metadata, changed) },
    );
  }

  get isConnected(): boolean {
    return this.#channel.connected;
  }

  get isReadable(): boolean {
    return this.#channel.readable;
  }

  get isWritable(): boolean {
    return this.#channel.writable;
  }

  get type(): FieldType {
    return fieldTypeOf[this.#channel.native];
  }

  get count(): number {
    return this.#channel.info?.count ?? 1;
  }

  get value(): PvValue | undefined {
    return this.#reading?.value;
  }

  get status(): number {
    return this.#reading?.status ?? 0;
  }

  get severity(): number {
    return this.#reading?.severity ?? 0;
  }

  get seconds(): number {
    return this.#reading?.seconds ?? 0;
  }

  get nanoseconds(): number {
    return this.#reading?.nanoseconds ?? 0;
  }

  get metadata(): Metadata | undefined {
    return this.#metadata;
  }

  put(value: PvValue, settle?: (outcome: PutOutcome) => void): void {
    if (!settle) {
      this.#channel.write(value);
      return;
    }
    void this.#channel.writeNotify(value, LONGEST_PUT_SECONDS).then((outcome) => settle(outcome));
  }

  [Symbol.dispose](): void {
    this.#channel[Symbol.dispose]();
  }

  /** What was last heard of before a connection was lost counts no more. */
  #noticed(changed: () => void): void {
    if (!this.#channel.connected) this.#reading = undefined;
    changed();
  }

  #learn(metadata: Metadata | undefined, changed: () => void): void {
    this.#metadata = metadata;
    changed();
  }
}

function numberOf(value: PvValue): number | undefined {
  const first = typeof value === 'object' ? value[0] : value;
  return first === undefined ? undefined : Number(first);
}
