import { childOf, escapeXml, parseXml } from '../../kernel/index.ts';

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
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
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
  const text = Buffer.from(payload).toString('utf8');
  if (text.trim() === '') return { online: false, name: '' };
  const document = parseXml(text, { loose: true });
  if (document.kind === 'malformed') return undefined;
  const { root } = document;
  const element = root.name === 'online' ? root : childOf(root, 'online');
  if (!element || (element.text !== 'true' && element.text !== 'false')) return undefined;
  const { attributes } = element;
  return {
    online: element.text === 'true',
    name: attributes.get('name') ?? '',
    osVersion: attributes.get('osVersion'),
    osPlatform: attributes.get('osPlatform'),
    tcVersion: attributes.get('tcVersion'),
    unidirectional: attributes.get('unidirectional') === 'true' || undefined,
  };
}
