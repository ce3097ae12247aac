import type { AmsNetId } from '../ams.ts';
import type { Peer } from './peers.ts';

/** Why a transport is over. */
export type TransportEnd =
  /** We closed it. */
  | { readonly kind: 'closed' }
  /** The peer or the network did. */
  | { readonly kind: 'lost'; readonly reason: string; readonly cause?: unknown };

/** Takes each whole AMS packet, without TCP prefix; the bytes are borrowed for the call. */
export type PacketSink = (packet: Uint8Array) => void;

/** Messages that a transport did not deliver as they were, by what was wrong. */
export type TransportCounters = {
  /** For another NetId than ours. */
  foreign: number;
  /** No AMS packet. */
  malformed: number;
  /** Longer than the packet in it. */
  trailing: number;
  /** Requests, which we take from nobody. */
  refused: number;
  /** Not sent, since too much waited. */
  dropped: number;
};

/** Carries whole AMS packets to and from one peer; disposing of it closes it. */
export interface Transport extends AsyncDisposable {
  /** Whom it reaches, for messages: `tcp://192.168.1.20:48898`. */
  readonly peer: string;
  /** Our IP address as the peer sees it, where there is one. */
  readonly localAddress: string | undefined;
  /** Takes a copy of the packet; packets of one tick leave together. Without effect after the end. */
  send(packet: Uint8Array): void;
  /** Resolves once, never rejects. */
  readonly ended: Promise<TransportEnd>;
  /** Where messages may be something else than packets for us. */
  readonly counters?: Readonly<TransportCounters>;
  /** Why `target` may never have answered us, where the transport knows better than TCP does. */
  adviceOnSilence?(target: AmsNetId): string;
  /** The others on the network, where there is one. */
  peers?(): readonly Peer[];
}
