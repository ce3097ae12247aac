import type { PutOutcome, PvValue } from '../../records/index.ts';
import type { PutOrigin, PvField } from '../types.ts';
import type { ClientGrants } from './client-grants.ts';
import { type ClientIdentity, plainAddress } from './identity.ts';
import { everything, everythingLogged, type Grant } from './right.ts';
import type { AccessChange, AccessSecurity } from './security.ts';
import { snapshotOf } from './trapped-put.ts';

/**
 * A client of this IOC, whatever protocol it speaks: what it may, and the puts it makes. To be
 * disposed of with its connection.
 */
export class Session implements Disposable {
  readonly identity: ClientIdentity;
  readonly changed: (change: AccessChange) => void;
  /** Who puts, in the words of rules and logs. */
  readonly origin: PutOrigin;
  readonly #notifyOrigin: PutOrigin;
  readonly #security: AccessSecurity;
  #client: ClientGrants | undefined;

  /** Made by `AccessSecurity.open`. */
  constructor(
    security: AccessSecurity,
    identity: ClientIdentity,
    changed: (change: AccessChange) => void,
  ) {
    const { user, address, claimedHost } = identity;
    const host = security.trustsClaimedHosts ? claimedHost.toLowerCase() : plainAddress(address);
    this.identity = identity;
    this.changed = changed;
    this.origin = { user, host };
    this.#notifyOrigin = { user, host, notify: true };
    this.#security = security;
  }

  /** What the client may do with a field; kept up to date until `changed` says otherwise. */
  grant(field: PvField): Grant {
    const { rules, trapped } = this.#security;
    if (rules === undefined) return trapped ? everythingLogged : everything;
    this.#client ??= this.#security.join(this);
    return this.#client.grant(rules.groupOf(field.accessGroup), field.accessLevel);
  }

  /**
   * Puts in the client's name, if it may; the put log hears of it if a rule says so. `notify`: the
   * client wants to hear of the end. As `PvField.put`, it never rejects.
   */
  put(
    field: PvField,
    grant: Grant,
    value: PvValue,
    notify: boolean,
    signal: AbortSignal,
  ): PutOutcome | Promise<PutOutcome> {
    if (!grant.write) return this.#refused(field);
    const origin = notify ? this.#notifyOrigin : this.origin;
    if (!grant.trap) return field.put(value, origin, signal);
    return this.#trapped(field, () => field.put(value, origin, signal));
  }

  /** Sets ACKT or ACKS of a field's record in the client's name, if it may. */
  putAcknowledge(field: PvField, grant: Grant, which: 'ackt' | 'acks', value: number): PutOutcome {
    return grant.write ? field.putAcknowledge(which, value) : this.#refused(field);
  }

  /** Forgets the grants, because there are new rules. */
  renew(): void {
    this.#client = undefined;
    this.changed({ kind: 'rules' });
  }

  [Symbol.dispose](): void {
    this.#security.leave(this, this.#client);
  }

  #refused(field: PvField): PutOutcome {
    const { user, host } = this.origin;
    const text = `Put to ${field.record}.${field.field} refused: ${user || 'nobody'} at ${host} may not write it`;
    return { kind: 'refused', reason: 'no-access', text };
  }

  /** What was there is read before; what became of it, when everything that it started is over. */
  #trapped(
    field: PvField,
    put: () => PutOutcome | Promise<PutOutcome>,
  ): PutOutcome | Promise<PutOutcome> {
    const { trapped } = this.#security;
    if (trapped === undefined) return put();
    const { user, host } = this.origin;
    const before = snapshotOf(field);
    const tell = (outcome: PutOutcome) => {
      trapped({ user, host, field, before, after: snapshotOf(field), outcome });
      return outcome;
    };
    const outcome = put();
    return outcome instanceof Promise ? outcome.then(tell) : tell(outcome);
  }
}
