import { z } from 'zod';
import type { BrokerTls } from '../../mqtt/index.ts';
import { brokerUrl } from '../broker-url.ts';
import { section } from '../issue-text.ts';
import { seconds, word } from '../scalars.ts';
import { password, secretOf } from '../secret.ts';
import type { Surroundings } from '../surroundings.ts';
import { tlsOf, tlsSection } from '../tls-section.ts';

/** The broker of the bus, who we are there, and what may wait for it. Durations are seconds. */
export interface BusLinkConfig {
  readonly url: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tls: BrokerTls | undefined;
  readonly clientId: string;
  readonly version: '3.1.1' | '5';
  readonly keepAlive: number;
  readonly sessionExpiry: number;
  readonly connectTimeout: number;
  readonly outbox: {
    readonly maxMessages: number;
    readonly maxBytes: number;
    readonly maxAge: number;
    /** Where events and alarms outlive the process. */
    readonly folder: string | undefined;
  };
}

const outbox = section({
  maxMessages: z.int().min(100).max(10_000_000).default(100_000),
  maxBytes: z
    .int()
    .min(100_000)
    .max(2 ** 32)
    .default(32 * 1024 * 1024),
  maxAge: seconds(1, 1e8).default(86_400),
  folder: word.exactOptional(),
});

/** Keys of `bus` that are about the broker. */
export const busLinkKeys = {
  url: brokerUrl.exactOptional(),
  user: word.exactOptional(),
  ...password,
  tls: tlsSection.exactOptional(),
  clientId: word.exactOptional(),
  version: z.literal(['3.1.1', 5, '5'], 'must be 3.1.1 or 5').default('3.1.1'),
  keepAlive: z.int().min(1).max(65535).default(15),
  sessionExpiry: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(86_400),
  connectTimeout: seconds(0.1, 600).default(5),
  outbox: outbox.prefault({}),
} as const;

const keys = section(busLinkKeys);

/** With secrets and files read, and a client id made of the IOC's prefix unless one is given. */
export function busLinkOf(
  given: z.infer<typeof keys>,
  prefix: string,
  around: Surroundings,
): BusLinkConfig {
  const {
    url = '',
    user,
    tls,
    clientId,
    version,
    keepAlive,
    sessionExpiry,
    connectTimeout,
  } = given;
  const { folder, ...bounds } = given.outbox;
  const secret = secretOf(given, 'password', ['bus'], around);
  // MQTT 3.1.1, section 3.1.2.9: without a name there can be no password.
  const hasUser = user !== undefined || (URL.canParse(url) && new URL(url).username !== '');
  if (secret !== undefined && !hasUser) {
    around.complain(['bus', 'user'], 'is missing; a password needs one');
  }
  return {
    ...{ url, user, keepAlive, sessionExpiry, connectTimeout },
    version: version === '3.1.1' ? version : '5',
    password: secret,
    tls: tls && tlsOf(tls, ['bus', 'tls'], around),
    clientId: clientId ?? `twincat-ioc-${prefix.replace(/[^\w-]+/g, '_')}`,
    outbox: { ...bounds, folder: folder === undefined ? undefined : around.near(folder) },
  };
}
