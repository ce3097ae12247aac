/**
 * Who a client is, as its protocol tells it. What it only claims is marked; access security decides
 * what of it counts.
 */
export interface ClientIdentity {
  /** Claimed in CA, authenticated where `method` says how. */
  readonly user: string;
  /** The host that the client claims to be on. */
  readonly claimedHost: string;
  /** The address that it is connected from, as text. */
  readonly address: string;
  /** How the user was authenticated: `ca` for a claim, `anonymous`, `x509` …. */
  readonly method: string;
  /** Common names of the authorities behind a certificate, the root first; none without one. */
  readonly authority: readonly string[];
  readonly protocol: 'TCP' | 'TLS';
}

/** The identity of somebody within the IOC: its console, its own links. */
export function localIdentity(user: string): ClientIdentity {
  const address = '127.0.0.1';
  return { user, claimedHost: '', address, method: 'ca', authority: [], protocol: 'TCP' };
}

/** An address as access security compares it: IPv4 in IPv6 is IPv4 (`::ffff:10.0.0.7`). */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
