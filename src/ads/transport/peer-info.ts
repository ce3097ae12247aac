/** What a router of a virtual AMS network tells of itself (facts/ads-over-mqtt.md section 5). */
export type PeerInfo = {
  readonly online: boolean;
  /** Its name for people. */
  readonly name: string;
  readonly osVersion?: string | undefined;
  /** 2 is the Windows NT family. */
  readonly osPlatform?: string | undefined;
  readonly tcVersion?: string | undefined;
  /** It refuses requests; it only asks. */
  readonly unidirectional?: boolean | undefined;
};

/** `<info><online name="ioc" …>true</online></info>` */
export function formatPeerInfo(info: PeerInfo): string {
  const { online, name, osVersion, osPlatform, tcVersion, unidirectional } = info;
  const attributes = { name, osVersion, osPlatform, tcVersion };
  const told = Object.entries({ ...attributes, ...(unidirectional && { unidirectional }) })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<info><online${told.join('')}>${online}</online></info>`;
}

/** Longer ones are none. */
const MAX_INFO = 16 * 1024;

/**
 * An info message in any form in which peers write it: quotes of either kind, attributes in any
 * order or missing, space between elements. Nothing at all is a deleted record: offline. Undefined
 * when it is no info.
 */
export function parsePeerInfo(payload: Uint8Array): PeerInfo | undefined {
  if (payload.length > MAX_INFO) return undefined;
  const text = Buffer.from(payload).toString('utf8').replaceAll(COMMENT, '');
  if (text.trim() === '') return { online: false, name: '' };
  const [, head, state] = ONLINE.exec(text) ?? [];
  if (head === undefined || (state !== 'true' && state !== 'false')) return undefined;
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of head.matchAll(ATTRIBUTE)) {
    attributes.set(key, unescaped(double ?? single ?? ''));
  }
  return {
    online: state === 'true',
    name: attributes.get('name') ?? '',
    osVersion: attributes.get('osVersion'),
    osPlatform: attributes.get('osPlatform'),
    tcVersion: attributes.get('tcVersion'),
    unidirectional: attributes.get('unidirectional') === 'true' || undefined,
  };
}

const COMMENT = /<!--[\s\S]*?-->/g;
const ONLINE = /<online((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*>\s*(\w+)\s*<\/online\s*>/;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = Number.parseInt(dec ?? hex, dec === undefined ? 16 : 10);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : all;
  });
}
