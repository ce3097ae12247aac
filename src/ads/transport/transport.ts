/** Why a transport is over. */
export type TransportEnd =
  /** We closed it. */
  | { readonly kind: 'closed' }
  /** The peer or the network did. */
  | { readonly kind: 'lost'; readonly reason: string; readonly cause?: unknown };

/** Takes each whole AMS packet, without TCP prefix; the bytes are borrowed for the call. */
export type PacketSink = (packet: Uint8Array) => void;

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
}
