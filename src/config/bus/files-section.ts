import { z } from 'zod';
import { section } from '../issue-text.ts';
import { type PemComplain, type PemTexts, readPems } from '../pem-files.ts';
import { seconds, tcpPort, word } from '../scalars.ts';
import { secretOf, token } from '../secret.ts';
import { type Surroundings, within } from '../surroundings.ts';

/** What a server of files shows, and of which authorities its clients must be; PEM texts. */
export interface ServerPems {
  readonly cert: string;
  readonly key: string;
  readonly ca?: readonly string[];
}

/** The file and entity service of an IOC that is the main device. */
export interface FileServiceConfig {
  readonly host: string;
  readonly port: number;
  /** How others call it, where that is not host and port. */
  readonly url?: string;
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly token?: string;
  readonly tls?: ServerPems;
}

/** Files on the bus. */
export interface FilesConfig {
  /** File service of the agent, for files whose asker names no URL; the broker's host unless told. */
  readonly url?: string;
  /** Hosts that files may go to and come from, beside the broker's and this machine. */
  readonly hosts: readonly string[];
  /** Largest file that is fetched. */
  readonly maxBytes: number;
  /** Seconds after which a transfer that does not move is given up. */
  readonly timeout: number;
  readonly token?: string;
  readonly tls?: PemTexts & { readonly ignoreHostName?: boolean };
  readonly service: FileServiceConfig;
}

const MIB = 2 ** 20;

const httpUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && /^\/?$/.test(url.pathname);
}, 'must be http://host:8000 or https://host:8000, without a path');

const serverTls = section({
  cert: word,
  key: word,
  ca: z.union([word, z.array(word).min(1)], 'must be a file, or a list of files').exactOptional(),
});

const service = section({
  host: word.default('127.0.0.1'),
  port: tcpPort.default(8000),
  url: httpUrl.exactOptional(),
  folder: word.default('files'),
  maxBytes: z
    .int()
    .min(MIB)
    .max(2 ** 44)
    .default(256 * MIB),
  maxFiles: z.int().min(1).max(1_000_000).default(1000),
  ...token,
  tls: serverTls.exactOptional(),
});

const clientTls = section({
  ca: z.union([word, z.array(word).min(1)], 'must be a file, or a list of files').exactOptional(),
  cert: word.exactOptional(),
  key: word.exactOptional(),
  ignoreHostName: z.boolean().exactOptional(),
});

const host = z.string().regex(/^([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?$/i, 'must be host or host:port');

export const filesSection = section({
  url: httpUrl.exactOptional(),
  hosts: z.array(host).default([]),
  maxBytes: z
    .int()
    .min(1000)
    .max(2 ** 40)
    .default(16 * MIB),
  timeout: seconds(1, 3600).default(30),
  ...token,
  tls: clientTls.exactOptional(),
  service: service.prefault({}),
});

/** With secrets and files read. */
export function filesOf(given: z.infer<typeof filesSection>, around: Surroundings): FilesConfig {
  const { url, hosts, maxBytes, timeout, tls } = given;
  const here = within(around, ['bus', 'files']);
  const secret = secretOf(given, 'token', [], here);
  return {
    ...{ hosts, maxBytes, timeout },
    ...(url !== undefined && { url: withoutSlash(url) }),
    ...(secret !== undefined && { token: secret }),
    ...(tls && { tls: clientPems(tls, here) }),
    service: serviceOf(given.service, within(here, ['service'])),
  };
}

function serviceOf(given: z.infer<typeof service>, around: Surroundings): FileServiceConfig {
  const { host, port, url, folder, maxBytes, maxFiles, tls } = given;
  const secret = secretOf(given, 'token', [], around);
  const pems = tls && serverPems(tls, around);
  if (!isLoopback(host) && secret === undefined && !pems?.ca) {
    const what = `would let everybody on ${host} write files; give token, or tls with ca`;
    around.complain(['host'], what);
  }
  return {
    ...{ host, port, maxBytes, maxFiles, folder: around.near(folder) },
    ...(url !== undefined && { url: withoutSlash(url) }),
    ...(secret !== undefined && { token: secret }),
    ...(pems && { tls: pems }),
  };
}

function serverPems(
  { ca, cert, key }: z.infer<typeof serverTls>,
  around: Surroundings,
): ServerPems {
  const { ca: authorities, ...own } = pemsOf({ ca, cert, key }, around);
  return { cert: own.cert ?? '', key: own.key ?? '', ...(authorities && { ca: authorities }) };
}

function clientPems(given: z.infer<typeof clientTls>, around: Surroundings) {
  const { ignoreHostName } = given;
  return { ...pemsOf(given, around), ...(ignoreHostName !== undefined && { ignoreHostName }) };
}

type Pems = Pick<z.infer<typeof clientTls>, 'cert' | 'key'> & {
  readonly ca?: string | readonly string[] | undefined;
};

function pemsOf({ ca = [], cert, key }: Pems, around: Surroundings): PemTexts {
  const near = (file: string | undefined) => (file === undefined ? undefined : around.near(file));
  const files = { ca: [ca].flat().map(around.near), cert: near(cert), key: near(key) };
  const complain: PemComplain = (about, message) => around.complain(['tls', about], message);
  return readPems(files, complain);
}

/** Only this machine. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}
