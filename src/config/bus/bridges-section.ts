import { z } from 'zod';
import type { BrokerTls } from '../../mqtt/index.ts';
import { brokerUrl } from '../broker-url.ts';
import { section } from '../issue-text.ts';
import { word } from '../scalars.ts';
import { password, secretOf } from '../secret.ts';
import type { Surroundings } from '../surroundings.ts';
import { tlsOf, tlsSection } from '../tls-section.ts';
import { type Preset, presets } from './bridge-presets.ts';
import { topicFilter } from './topic-filter.ts';

/** A bridge to another broker, with its preset, files and secrets filled in. */
export interface BridgeConfig {
  readonly name: string;
  /** Whether the IOC carries the messages, or mosquitto does by a configuration made from this. */
  readonly by: 'ioc' | 'mosquitto';
  readonly rules: readonly BridgeRuleConfig[];
  readonly maxPacket: number | undefined;
  readonly isPrivate: { readonly local: boolean; readonly remote: boolean };
  readonly remote: {
    readonly url: string;
    readonly user: string | undefined;
    readonly password: string | undefined;
    readonly clientId: string;
    readonly version: '3.1.1' | '5';
    readonly keepAlive: number;
    readonly tls: BrokerTls | undefined;
    /** Absolute paths of what `tls` has the contents of. */
    readonly files: BridgeFiles;
  };
}

export interface BridgeFiles {
  readonly ca: readonly string[];
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export type BridgeRuleConfig = z.infer<typeof rule>;

/** What topics begin with, to the last slash. */
const prefix = z.string().regex(/^[^+#\0\s]*$/, 'must be the beginning of topics, such as site1/');

const rule = section({
  topics: z.array(topicFilter).min(1),
  direction: z.enum(['in', 'out', 'both']),
  qos: z.literal([0, 1]).default(1),
  local: prefix.default(''),
  remote: prefix.default(''),
});

const bridge = section({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, 'must be a word of letters and digits'),
  by: z.enum(['ioc', 'mosquitto']).default('ioc'),
  url: brokerUrl,
  user: word.exactOptional(),
  ...password,
  tls: tlsSection.exactOptional(),
  clientId: word.exactOptional(),
  version: z.literal(['3.1.1', 5, '5'], 'must be 3.1.1 or 5').default('3.1.1'),
  keepAlive: z.int().min(1).max(65_535).default(60),
  preset: z.enum(['c8y', 'az', 'aws']).exactOptional(),
  private: z.boolean().exactOptional(),
  localPrivate: z.boolean().default(true),
  maxPacket: z.int().min(100).max(268_435_455).exactOptional(),
  rules: z.array(rule).default([]),
});

type Given = z.infer<typeof bridge>;

/** Bridges from the broker of the bus to others. */
export const bridgesSection = z.array(bridge).default([]);

/** `clientId` is that of the IOC on the bus. */
export function bridgesOf(
  given: readonly Given[],
  clientId: string,
  around: Surroundings,
): readonly BridgeConfig[] {
  const names = new Set<string>();
  return given.map((each, at) => {
    const path = ['bus', 'bridges', at];
    if (names.has(each.name)) around.complain([...path, 'name'], `"${each.name}" is there twice`);
    names.add(each.name);
    return bridgeOf(each, clientId, path, around);
  });
}

function bridgeOf(
  given: Given,
  iocsId: string,
  path: readonly PropertyKey[],
  around: Surroundings,
): BridgeConfig {
  const { name, by, url, tls, version, keepAlive, preset: called } = given;
  const preset: Preset | undefined = called && presets[called];
  const clientId = given.clientId ?? iocsId;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const filled = (text: string) => text.replaceAll('{id}', clientId).replaceAll('{host}', host);
  const usual = (preset?.rules ?? []).map((each) => ({ ...each, remote: filled(each.remote) }));
  // Rules of its own come first: the first that has a topic counts.
  const rules = [...given.rules, ...usual.map((each) => ({ ...each, topics: [...each.topics] }))];
  if (rules.length === 0) around.complain(path, 'carries nothing; give rules or a preset');
  return {
    ...{ name, by, rules },
    maxPacket: given.maxPacket ?? preset?.maxPacket,
    isPrivate: { local: given.localPrivate, remote: given.private ?? preset === undefined },
    remote: {
      ...{ url, clientId, keepAlive },
      user: given.user ?? (preset?.user === undefined ? undefined : filled(preset.user)),
      password: secretOf(given, 'password', path, around),
      version: version === '3.1.1' ? version : '5',
      tls: tls && tlsOf(tls, [...path, 'tls'], around),
      files: filesOf(tls, around),
    },
  };
}

function filesOf(tls: Given['tls'], { near }: Surroundings): BridgeFiles {
  const { ca = [], cert, key } = tls ?? {};
  return {
    ca: [ca].flat().map(near),
    cert: cert === undefined ? undefined : near(cert),
    key: key === undefined ? undefined : near(key),
  };
}
