import type { AmsNetId } from '../ams.ts';
import type { PeerInfo } from './peer-info.ts';

/** A network has tens of routers; somebody who announces more wants to fill memory. */
const MAX_PEERS = 1024;

/** A router of a virtual AMS network. */
export type Peer = PeerInfo & { readonly netId: AmsNetId };

/** What is known of the routers of one virtual AMS network, and which one brings a packet home. */
export class Peers {
  readonly #infos = new Map<AmsNetId, PeerInfo>();
  /** What `routerOf` found since somebody said something. */
  readonly #found = new Map<AmsNetId, AmsNetId>();
  readonly #router: AmsNetId | undefined;

  /** `router` is who takes the packets of NetIds that no peer has. */
  constructor(router: AmsNetId | undefined) {
    this.#router = router;
  }

  get(netId: AmsNetId): PeerInfo | undefined {
    return this.#infos.get(netId);
  }

  /** All that ever said something, those that went offline too. */
  all(): readonly Peer[] {
    return Array.from(this.#infos, ([netId, info]) => ({ ...info, netId }));
  }

  /** What the peer says now; returns what it said before. */
  update(netId: AmsNetId, info: PeerInfo): PeerInfo | undefined {
    const before = this.#infos.get(netId);
    if (before || this.#infos.size < MAX_PEERS) this.#infos.set(netId, info);
    this.#found.clear();
    return before;
  }

  /**
   * The peer behind which a NetId lies. EtherCAT masters have NetIds of their own but do not
   * announce themselves: theirs begin with the four numbers of their router's.
   */
  routerOf(netId: AmsNetId): AmsNetId {
    const known = this.#found.get(netId);
    if (known !== undefined) return known;
    if (this.#found.size === MAX_PEERS) this.#found.clear();
    const router = this.#find(netId);
    this.#found.set(netId, router);
    return router;
  }

  #find(netId: AmsNetId): AmsNetId {
    if (this.#infos.has(netId)) return netId;
    const site = siteOf(netId);
    if (this.#router !== undefined && siteOf(this.#router) === site) return this.#router;
    for (const [peer, { online }] of this.#infos) {
      if (online && siteOf(peer) === site) return peer;
    }
    return this.#router ?? netId;
  }
}

/** The first four numbers: `5.1.2.3.` */
function siteOf(netId: AmsNetId): string {
  const third = netId.indexOf('.', netId.indexOf('.', netId.indexOf('.') + 1) + 1);
  return netId.slice(0, netId.indexOf('.', third + 1) + 1);
}
