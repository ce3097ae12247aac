import type { Slot } from '../../model/index.ts';
import { ClientGrants } from './client-grants.ts';
import type { SecurityGroup, SecurityRules } from './group.ts';
import type { ClientIdentity } from './identity.ts';
import { Session } from './session.ts';
import type { TrappedPut } from './trapped-put.ts';

/**
 * Why a session must look at its rights again: a CALC opened or closed a rule, and its grants tell
 * already; or a record joined another group, or there are new rules, and it must ask for new grants.
 */
export type AccessChange =
  | { readonly kind: 'rights' }
  | { readonly kind: 'record'; readonly slot: Slot }
  | { readonly kind: 'rules' };

/** Who may read and write what. Without rules everybody may everything. */
export class AccessSecurity {
  /**
   * HAG entries are compared with the host that a client claims, instead of its address: in
   * sessions and files that are opened from now on.
   */
  trustsClaimedHosts: boolean;
  /** Hears of every put that a rule traps; of every put where there are no rules. */
  trapped: ((put: TrappedPut) => void) | undefined;
  #rules: SecurityRules | undefined;
  readonly #sessions = new Set<Session>();
  readonly #clients = new Map<string, ClientGrants>();

  constructor({ trustsClaimedHosts = false } = {}) {
    this.trustsClaimedHosts = trustsClaimedHosts;
  }

  /** The rules in force. */
  get rules(): SecurityRules | undefined {
    return this.#rules;
  }

  /** Begins a client's session; `changed` is called while it lasts. */
  open(identity: ClientIdentity, changed: (change: AccessChange) => void): Session {
    const session = new Session(this, identity, changed);
    this.#sessions.add(session);
    return session;
  }

  /** Puts rules in the place of those before, for everybody at once. */
  install(rules: SecurityRules): void {
    this.#rules = rules;
    this.#clients.clear();
    for (const session of this.#sessions) session.renew();
  }

  /** Computes the rights of a group again, after an input opened or closed one of its rules. */
  recompute(group: SecurityGroup): void {
    for (const client of this.#clients.values()) {
      if (!client.recompute(group)) continue;
      for (const session of client.sessions) session.changed({ kind: 'rights' });
    }
  }

  /** Tells that the ASG field of a record was changed. */
  regroup(slot: Slot): void {
    if (this.#rules === undefined) return;
    for (const session of this.#sessions) session.changed({ kind: 'record', slot });
  }

  /** The grants of a client, which its sessions share. */
  join(session: Session): ClientGrants {
    const { user, method, authority, protocol } = session.identity;
    const subject = { user, host: session.origin.host, method, authority, protocol };
    const key = JSON.stringify(Object.values(subject));
    const client = this.#clients.get(key) ?? new ClientGrants(key, subject);
    this.#clients.set(key, client);
    client.sessions.add(session);
    return client;
  }

  /** Forgets a session, and its client with the last one. */
  leave(session: Session, client: ClientGrants | undefined): void {
    this.#sessions.delete(session);
    client?.sessions.delete(session);
    if (client?.sessions.size === 0) this.#clients.delete(client.key);
  }
}
