import {
  type AccessChange,
  type ClientIdentity,
  localIdentity,
  type Session,
} from '../pv/index.ts';
import type { Channel } from './channel.ts';
import type { Circuit } from './circuit.ts';
import { CommandId } from './header.ts';

/** Who a circuit's client is, and its session with access security, which tells what it may. */
export class CircuitAccess {
  readonly #circuit: Circuit;
  #identity: ClientIdentity;
  #session: Session | undefined;
  /** Rights changed, and the client had no room to be told. */
  #untold = false;

  /** `address`: where the client is connected from. */
  constructor(circuit: Circuit, address: string) {
    this.#circuit = circuit;
    this.#identity = { ...localIdentity(''), address };
  }

  /** Who the client says it is. */
  get identity(): ClientIdentity {
    return this.#identity;
  }

  /** Opened when it is first needed: names come before channels. */
  get session(): Session {
    this.#session ??= this.#circuit.world.directory.security.open(this.#identity, (change) =>
      this.#changed(change),
    );
    return this.#session;
  }

  /** Takes the client's claim of its user or host. */
  introduce(claim: Partial<Pick<ClientIdentity, 'user' | 'claimedHost'>>): void {
    this.dispose();
    this.#identity = { ...this.#identity, ...claim };
  }

  dispose(): void {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
  }

  /** Tells what could not be told before for want of room. */
  catchUp(): void {
    if (this.#untold) this.#tellAll();
  }

  /** What the client may counts from now on; it is told in one write, once it takes any. */
  #changed(change: AccessChange): void {
    const circuit = this.#circuit;
    if (circuit.ended) return;
    if (change.kind !== 'rights') {
      for (const channel of circuit.channels.values()) {
        if (change.kind === 'record' && channel.field.slot !== change.slot) continue;
        channel.grant = this.session.grant(channel.field);
      }
    }
    const { publisher } = circuit.world;
    publisher.hold();
    this.#tellAll();
    publisher.touch(circuit);
    publisher.release();
  }

  /** Every channel whose rights are not what the client was told. */
  #tellAll(): void {
    const circuit = this.#circuit;
    this.#untold = false;
    for (const channel of circuit.channels.values()) {
      if (channel.rights === channel.told) continue;
      if (circuit.hasRoom) this.#tell(channel);
      else this.#untold = true;
    }
  }

  #tell(channel: Channel): void {
    const circuit = this.#circuit;
    const { cid, rights, told } = channel;
    channel.told = rights;
    circuit.output.message(CommandId.accessRights, 0, 0, 0, cid, rights);
    if (((rights ^ told) & 1) === 0 || !channel.hasSubscriptions) return;
    for (const subscription of channel.subscriptions.values()) {
      if (channel.grant.read) circuit.monitors.unmute(subscription);
      else circuit.monitors.mute(subscription);
    }
  }
}
