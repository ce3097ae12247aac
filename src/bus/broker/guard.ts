import { randomBytes } from 'node:crypto';
import type {
  Aedes,
  AedesPublishPacket,
  AuthenticateError,
  Client,
  PublishPacket,
  Subscription,
} from 'aedes';
import type { Log } from '../../kernel/index.ts';
import { matchesFilter } from '../topic-filter.ts';
import { ClientRights } from './client-rights.ts';
import { Gate } from './gate.ts';
import type { BrokerCounters, BrokerOptions, BrokerRights } from './options.ts';
import { isPassword } from './password.ts';

/** What the IOC itself says to come in. */
export interface OwnKey {
  readonly user: string;
  readonly password: string;
}

/** A key that nobody can guess. */
export function newOwnKey(): OwnKey {
  return { user: 'twincat-ioc', password: randomBytes(24).toString('base64url') };
}

/** A client that came in. */
interface Guest {
  readonly rights: ClientRights;
  /** What it has subscribed to, and at which QoS. */
  readonly filters: Map<string, Qos>;
  readonly isOwn: boolean;
  readonly name: string;
}

type Qos = 0 | 1 | 2;
type Answer<T> = (error: Error | null, result?: T) => void;

/** CONNACK return codes (MQTT 3.1.1, 3.2.2.3). */
const REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_USER_OR_PASSWORD = 4;

const everything: BrokerRights = { publish: ['#'], subscribe: ['#', '$SYS/#'] };
/** A topic that nobody can hear of, where a message goes that nobody shall. */
const NOWHERE = '$denied';
/** Different complaints that are told; more are only counted. */
const MAX_COMPLAINTS = 100;

/** Who may come in, and what each may do there. */
export class Guard {
  readonly #options: BrokerOptions;
  readonly #own: OwnKey;
  readonly #counters: BrokerCounters;
  readonly #log: Log;
  readonly #guests = new WeakMap<Client, Guest>();
  readonly #told = new Set<string>();
  /** Who is here, by client id. */
  readonly #here = new Map<string, Guest>();
  #clients = 0;

  constructor(options: BrokerOptions, own: OwnKey, counters: BrokerCounters, log: Log) {
    this.#options = options;
    this.#own = own;
    this.#counters = counters;
    this.#log = log;
  }

  /** Who is here, beside the IOC itself. */
  get clients(): number {
    return this.#clients;
  }

  /** Takes its post. */
  watch(aedes: Aedes): void {
    aedes.authenticate = (client, user, password, done) => {
      void this.#admit(client, user, password).then(
        (refusal) => done(refusal ?? null, refusal === undefined),
        (error: AuthenticateError) => done(error, false),
      );
    };
    aedes.authorizePublish = (client, packet, done) => {
      this.#publish(client, packet);
      done(null);
    };
    aedes.authorizeSubscribe = (client, subscription, done: Answer<typeof subscription | null>) =>
      done(null, this.#maySubscribe(client, subscription) ? subscription : null);
    aedes.authorizeForward = (client, packet) => this.#forward(client, packet);
    aedes.on('client', (client) => this.#came(client));
    aedes.on('clientDisconnect', (client) => this.#went(client));
    aedes.on('unsubscribe', (filters, client) => {
      for (const filter of filters) this.#guests.get(client)?.filters.delete(filter);
    });
  }

  /** Says something of a client, each thing once. */
  complain(text: string): void {
    if (this.#told.has(text) || this.#told.size >= MAX_COMPLAINTS) return;
    this.#told.add(text);
    this.#log.warn(`broker: ${text}`);
  }

  /** Undefined: come in. */
  async #admit(
    client: Client,
    user: string | undefined,
    password: Uint8Array | undefined,
  ): Promise<AuthenticateError | undefined> {
    const gate = client.conn;
    if (!(gate instanceof Gate)) return refused(SERVER_UNAVAILABLE, 'unknown connection');
    const { isOwn, certified, where } = gate.keeping;
    const name = certified ?? user ?? '';
    const rights = isOwn
      ? await this.#ownRights(user, password)
      : await this.#rightsOf(name, certified !== undefined, password);
    if (!rights) return this.#refuse(where, name, 'is not known, or says another password');
    const other = this.#here.get(client.id);
    if (other && (other.isOwn !== isOwn || other.name !== name)) {
      return this.#refuse(where, name, `has the client id of another, ${client.id}`, REJECTED);
    }
    const { clients } = this.#options.limits;
    if (!isOwn && this.#clients >= clients) {
      const why = `finds ${clients} clients here already`;
      return this.#refuse(where, name, why, SERVER_UNAVAILABLE);
    }
    const own = new ClientRights(rights, name, client.id);
    this.#guests.set(client, { rights: own, filters: new Map(), isOwn, name });
    return undefined;
  }

  #came(client: Client): void {
    const guest = this.#guests.get(client);
    if (!guest) return;
    this.#here.set(client.id, guest);
    if (!guest.isOwn) this.#clients++;
  }

  #went(client: Client): void {
    const guest = this.#guests.get(client);
    if (!guest) return;
    // Its successor may be here already.
    if (this.#here.get(client.id) === guest) this.#here.delete(client.id);
    if (!guest.isOwn) this.#clients--;
  }

  async #ownRights(user = '', password?: Uint8Array): Promise<BrokerRights | undefined> {
    if (user !== this.#own.user || !password) return undefined;
    return (await isPassword(this.#own.password, password)) ? everything : undefined;
  }

  async #rightsOf(
    name: string,
    isCertified: boolean,
    password: Uint8Array | undefined,
  ): Promise<BrokerRights | undefined> {
    const { users, anonymous } = this.#options;
    if (name === '') return anonymous;
    const user = users.find((each) => each.name === name);
    if (isCertified) return user;
    // Whoever is not known costs as much as who is.
    const secret = user?.password ?? users[0]?.password ?? this.#own.password;
    const isRight = await isPassword(secret, password ?? new Uint8Array());
    return isRight && user?.password !== undefined ? user : undefined;
  }

  #refuse(
    where: string,
    name: string,
    why: string,
    code = BAD_USER_OR_PASSWORD,
  ): AuthenticateError {
    this.#counters.refusedClients++;
    const who = name === '' ? 'a client without a name' : `"${name}"`;
    this.complain(`${who} from ${where} ${why}`);
    return refused(code, why);
  }

  /** As with mosquitto, who may not publish is not told: the message just reaches nobody. */
  #publish(client: Client | null, packet: PublishPacket): void {
    const guest = client && this.#guests.get(client);
    if (guest?.rights.mayPublish(packet.topic)) return;
    this.#counters.denied++;
    this.complain(`${nameOf(guest)} may not publish to ${packet.topic}`);
    packet.topic = NOWHERE;
    packet.retain = false;
    packet.payload = '';
  }

  #maySubscribe(client: Client, { topic: filter, qos }: Subscription): boolean {
    const guest = this.#guests.get(client);
    if (!guest) return false;
    const { subscriptions } = this.#options.limits;
    const isFull = !guest.isOwn && guest.filters.size >= subscriptions;
    if (guest.rights.maySubscribe(filter) && (!isFull || guest.filters.has(filter))) {
      guest.filters.set(filter, qos);
      return true;
    }
    this.#counters.denied++;
    const why = isFull ? `has ${subscriptions} filters already` : 'may not hear of it';
    this.complain(`${nameOf(guest)} does not get ${filter}: it ${why}`);
    return false;
  }

  #forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const guest = this.#guests.get(client);
    if (!guest?.rights.mayHear(packet.topic)) return null;
    // Through wildcards aedes would bring a message at the QoS that it was published with.
    packet.qos = Math.min(packet.qos, grantedQos(guest, packet.topic)) as Qos;
    this.#counters.sent++;
    return packet;
  }
}

/** [MQTT-3.3.5-1]: the highest of all that match. */
function grantedQos({ filters }: Guest, topic: string): Qos {
  let granted: Qos = 0;
  for (const [filter, qos] of filters) {
    if (qos > granted && matchesFilter(filter, topic)) granted = qos;
  }
  return granted;
}

function nameOf(guest: Guest | null | undefined): string {
  return guest?.name ? `"${guest.name}"` : 'a client without a name';
}

function refused(returnCode: number, text: string): AuthenticateError {
  return Object.assign(new Error(text), { returnCode });
}
