import { catchError, EMPTY, exhaustMap, from, merge, mergeMap, type Observable, timer } from 'rxjs';
import {
  type DeviceFacts,
  type EtherCatMaster,
  EtherCatState,
  LinkFault,
  linkText,
  type SlaveFacts,
  type SlaveState,
  stateText,
} from '../twincat/index.ts';
import type { Configuration } from './configuration.ts';
import { concernsOneRequest } from './diagnosis.ts';
import { slaveKey } from './residents.ts';
import type { Session } from './session.ts';
import type { BoundSlave } from './slave-values.ts';

/** A slave that is well again, and must be asked for its values. */
export type Returned = { readonly slave: BoundSlave };

/**
 * Looks at the slaves of every master each supervision period. Another number of slaves, other
 * addresses or another identity make the plant to be looked at again; a slave that is away is
 * withheld; one that comes back to OP is emitted: its objects and setpoints may be new.
 */
export function topologyWatched(session: Session, current: Configuration): Observable<Returned> {
  return merge(
    ...current.facts.devices.map((device) => {
      const watch = new DeviceWatch(session, current, device);
      const period = session.plant.options.supervision.period * 1000;
      return timer(0, period).pipe(
        exhaustMap(() => from(watch.look()).pipe(catchError(noneIfOne))),
        mergeMap((returned) => returned),
      );
    }),
  );
}

type Change = {
  readonly slave: SlaveFacts;
  readonly was: SlaveState | undefined;
  readonly now: SlaveState;
};

class DeviceWatch {
  readonly #session: Session;
  readonly #current: Configuration;
  readonly #device: DeviceFacts;
  readonly #master: EtherCatMaster;
  #states: readonly SlaveState[] = [];

  constructor(session: Session, current: Configuration, device: DeviceFacts) {
    this.#session = session;
    this.#current = current;
    this.#device = device;
    this.#master = session.io.master(device.netId);
  }

  async look(): Promise<readonly Returned[]> {
    const { signal } = this.#session.link;
    const { slaves, name } = this.#device;
    const count = await this.#master.slaveCount(signal);
    if (count !== slaves.length) {
      this.#current.doubted.ring(`${name} has ${count} slaves, had ${slaves.length}`);
      return [];
    }
    const [addresses, states] = await Promise.all([
      this.#master.slaveAddresses(count, signal),
      this.#master.slaveStates(count, signal),
    ]);
    if (addresses.some((address, i) => address !== slaves[i]?.address)) {
      this.#current.doubted.ring(`${name} has other station addresses`);
      return [];
    }
    const before = this.#states;
    this.#states = states;
    const changed = slaves.flatMap((slave, i) => {
      const now = states[i];
      return now && this.#isNews(slave, before[i], now) ? [{ slave, was: before[i], now }] : [];
    });
    const returned = await Promise.all(changed.map((change) => this.#follow(change)));
    return returned.filter((each) => each !== undefined);
  }

  /** Most slaves are as they were. */
  #isNews(slave: SlaveFacts, was: SlaveState | undefined, now: SlaveState): boolean {
    if (isAway(now) || was?.state !== now.state || was.link !== now.link) return true;
    return this.#current.isWithheld(slaveKey(this.#device.id, slave.name));
  }

  async #follow({ slave, was, now }: Change): Promise<Returned | undefined> {
    const key = slaveKey(this.#device.id, slave.name);
    if (isAway(now)) {
      const text = `${slave.name} is not there: ${stateText(now.state)}, ${linkText(now.link)}`;
      this.#current.withhold(key, text);
      return undefined;
    }
    if (was !== undefined && (await this.#isOther(slave))) return undefined;
    const restored = this.#current.restore(key);
    const isBack = now.state === EtherCatState.op && was && was.state !== now.state;
    const bound = restored ?? (isBack ? this.#current.binding.slaves.get(key) : undefined);
    return bound && !this.#current.isWithheld(key) ? { slave: bound } : undefined;
  }

  /** Whether another terminal sits there than was found before. */
  async #isOther({ address, name, identity: known }: SlaveFacts): Promise<boolean> {
    const { signal } = this.#session.link;
    const found = await this.#master.slaveIdentity(address, signal);
    const isOther =
      found.vendor !== known.vendor ||
      found.product !== known.product ||
      found.revision !== known.revision ||
      found.serial !== known.serial;
    if (isOther) this.#current.doubted.ring(`${name} has another identity`);
    return isOther;
  }
}

/** Nobody answers at its place on the bus. */
function isAway({ link }: SlaveState): boolean {
  return (link & (LinkFault.notPresent | LinkFault.noCommunication)) !== 0;
}

function noneIfOne(error: unknown): Observable<readonly Returned[]> {
  if (!concernsOneRequest(error)) throw error;
  return EMPTY;
}
