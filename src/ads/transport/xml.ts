/** An element of an XML text; names are without namespace. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands directly in it, trimmed. */
  readonly text: string;
};

const MAX_DEPTH = 32;

const TOKEN = new RegExp(
  [
    String.raw`<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*>`,
    String.raw`<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>`,
    String.raw`</(?<close>[\w:.-]+)\s*>`,
    String.raw`<(?<open>[\w:.-]+)(?<head>(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

type Open = { name: string; attributes: Map<string, string>; children: XmlElement[]; text: string };

/**
 * The root of the small XML texts that TwinCAT and its peers exchange: elements, attributes, text,
 * comments. Undefined when it is not well-formed. Entities are only the five of XML and numbers.
 */
export function parseXml(source: string): XmlElement | undefined {
  const document = opened('', '');
  const stack: Open[] = [document];
  const token = new RegExp(TOKEN);
  for (const text = source.replace(/^\ufeff/, ''); token.lastIndex < text.length; ) {
    const groups = token.exec(text)?.groups;
    const inner = stack.at(-1);
    if (!groups || !inner || stack.length > MAX_DEPTH) return undefined;
    const { cdata, close, open, head = '', empty, text: words } = groups;
    inner.text += cdata ?? unescapeXml(words ?? '');
    if (open !== undefined) stack.push(opened(open, head));
    if (close !== undefined || empty === '/') {
      const closed = stack.pop();
      if (closed?.name !== localName(close ?? open ?? '')) return undefined;
      stack.at(-1)?.children.push({ ...closed, text: closed.text.trim() });
    }
  }
  const isWhole = stack.length === 1 && document.children.length === 1;
  return isWhole && document.text.trim() === '' ? document.children[0] : undefined;
}

/** The first child of that name; case does not count. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name.toLowerCase() === name.toLowerCase());
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function opened(name: string, head: string): Open {
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of head.matchAll(ATTRIBUTE)) {
    attributes.set(key, unescapeXml(double ?? single ?? ''));
  }
  return { name: localName(name), attributes, children: [], text: '' };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = Number.parseInt(dec ?? hex, dec === undefined ? 16 : 10);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : all;
  });
}
