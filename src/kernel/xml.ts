/** An element of an XML text; names are without namespace. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands directly in it, trimmed. */
  readonly text: string;
  /** Of its start tag, from 1. */
  readonly line: number;
  readonly column: number;
};

/** A text as elements, or where and why it is none; `why` quotes nothing but names of elements. */
export type XmlDocument =
  | { readonly kind: 'well-formed'; readonly root: XmlElement }
  | {
      readonly kind: 'malformed';
      readonly why: string;
      readonly line: number;
      readonly column: number;
    };

/**
 * The small XML texts that TwinCAT and its peers exchange: elements, attributes, text, comments.
 * Entities are the five of XML and numbers; of a `loose` text others stay as they are.
 */
export function parseXml(source: string, { loose = false } = {}): XmlDocument {
  const parse = new Parse(source.replace(/^\ufeff/, ''), loose);
  try {
    return { kind: 'well-formed', root: parse.root() };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { kind: 'malformed', why: error.message, ...parse.place };
  }
}

/** The first child of that name; case does not count. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

/** All children of that name; case does not count. */
export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name.toLowerCase() === name.toLowerCase());
}

/** A text as it stands in an element or in an attribute. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

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

class Malformed extends Error {}

type Open = Omit<XmlElement, 'children'> & { readonly children: XmlElement[]; text: string };

/** One pass through a text. */
class Parse {
  readonly #source: string;
  readonly #loose: boolean;
  readonly #token = new RegExp(TOKEN);
  #at = 0;

  constructor(source: string, loose: boolean) {
    this.#source = source;
    this.#loose = loose;
  }

  /** Line and column of the token that is looked at. */
  get place(): { readonly line: number; readonly column: number } {
    const before = this.#source.slice(0, this.#at);
    return { line: before.split('\n').length, column: this.#at - before.lastIndexOf('\n') };
  }

  root(): XmlElement {
    const document = this.#opened('', '');
    const stack: Open[] = [document];
    while (this.#at < this.#source.length) {
      this.#take(stack);
      this.#at = this.#token.lastIndex;
    }
    const inner = stack.at(-1);
    if (inner !== document) throw new Malformed(`<${inner?.name}> is not closed`);
    const [root, second] = document.children;
    if (!root) throw new Malformed('it has no element');
    if (second || document.text.trim() !== '') throw new Malformed('it goes on behind its element');
    return root;
  }

  #take(stack: Open[]): void {
    const groups = this.#token.exec(this.#source)?.groups;
    if (!groups) throw new Malformed('what begins here is no tag');
    if (stack.length > MAX_DEPTH) throw new Malformed(`more than ${MAX_DEPTH} elements deep`);
    const { cdata, close, open, head = '', empty, text = '' } = groups;
    const inner = stack.at(-1);
    if (inner) inner.text += cdata ?? this.#unescaped(text);
    if (open !== undefined) stack.push(this.#opened(open, head));
    if (close === undefined && empty !== '/') return;
    const closed = stack.pop();
    const outer = stack.at(-1);
    const name = localName(close ?? open ?? '');
    if (!closed || !outer) throw new Malformed(`</${name}> closes nothing`);
    if (closed.name !== name) throw new Malformed(`</${name}> stands where </${closed.name}> must`);
    outer.children.push({ ...closed, text: closed.text.trim() });
  }

  #opened(name: string, head: string): Open {
    const attributes = new Map<string, string>();
    for (const [, key = '', double, single] of head.matchAll(ATTRIBUTE)) {
      attributes.set(key, this.#unescaped(double ?? single ?? ''));
    }
    return { name: localName(name), attributes, children: [], text: '', ...this.place };
  }

  #unescaped(text: string): string {
    return text.replaceAll(
      /&(?:#(\d{1,7});|#x([0-9a-f]{1,6});|(\w+);)?/gi,
      (all, dec, hex, name) => {
        const code = Number.parseInt(dec ?? hex ?? '', dec === undefined ? 16 : 10);
        const meant = name === undefined ? characterOf(code) : ENTITIES[name];
        if (meant === undefined && !this.#loose) {
          throw new Malformed('an & that begins no entity here: write &amp;');
        }
        return meant ?? all;
      },
    );
  }
}

function characterOf(code: number): string | undefined {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string | undefined>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
