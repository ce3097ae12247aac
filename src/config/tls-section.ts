import { z } from 'zod';
import type { BrokerTls } from '../mqtt/index.ts';
import { section } from './issue-text.ts';
import { type PemComplain, readPems } from './pem-files.ts';
import { word } from './scalars.ts';
import type { Surroundings } from './surroundings.ts';

/** How a broker proves who it is, and we who we are. */
export const tlsSection = section({
  ca: z.union([word, z.array(word).min(1)], 'must be a file, or a list of files').exactOptional(),
  cert: word.exactOptional(),
  key: word.exactOptional(),
  ignoreHostName: z.boolean().exactOptional(),
  alpn: z.union([word, z.array(word).min(1)], 'must be a protocol, or a list').exactOptional(),
});

/** The section with its files read; `path` is where it stands within `around`. */
export function tlsOf(
  given: z.infer<typeof tlsSection>,
  path: readonly PropertyKey[],
  around: Surroundings,
): BrokerTls {
  const { ca = [], cert, key, ignoreHostName, alpn } = given;
  const near = (file: string | undefined) => (file === undefined ? undefined : around.near(file));
  const files = { ca: [ca].flat().map(around.near), cert: near(cert), key: near(key) };
  const complain: PemComplain = (about, message) => around.complain([...path, about], message);
  return {
    ...readPems(files, complain),
    ignoreHostName,
    ...(alpn !== undefined && { alpn: [alpn].flat() }),
  };
}
