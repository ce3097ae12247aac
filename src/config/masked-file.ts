import { readFileSync } from 'node:fs';
import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import { IocError, messageOf } from '../kernel/index.ts';

/** Stands for a secret in a file that is shown. */
export const MASK = '********';

/** Keys whose values nobody may see. Beside `tls`, `key` is a file, which may be seen. */
const SECRETS = /^(password|passphrase|token|secret|key)$/;

/** A line that says as much as a comment. */
const SECRET_COMMENT =
  /^([^\S\n]*#.*?\b(?:password|passphrase|token|secret|key)\s*:\s*)[^\s#][^\n]*$/gm;

/** The text of a configuration file, its comments too, with its secrets masked. */
export function maskedFile(file: string): string {
  const document = parseDocument(textOf(file));
  for (const { path, value, node } of [...texts(document)]) {
    const shown = masked(path, value);
    if (shown !== value) node.value = shown;
  }
  return document.toString({ lineWidth: 0 }).replace(SECRET_COMMENT, `$1${MASK}`);
}

/**
 * The text of a new file in the place of another, where masked secrets stand for those that the
 * other has in the same place. Throws `config/masked` where it has none.
 */
export function unmasked(text: string, file: string): string {
  const document = parseDocument(text);
  // What is not YAML is told of with its places by whoever reads it.
  if (document.errors.length > 0) return text;
  const before = new Map([...texts(parseDocument(textOf(file)))].map((each) => [each.key, each]));
  let isSame = true;
  for (const { path, key, value, node } of [...texts(document)]) {
    if (!value.includes(MASK)) continue;
    const known = before.get(key);
    if (!known || masked(known.path, known.value) !== value) {
      const where = path.map(String).join('.');
      throw new IocError(
        'config/masked',
        `${where}: ${MASK} stands for no secret of ${file}; give it`,
      );
    }
    node.value = known.node.value;
    isSame = false;
  }
  return isSame ? text : document.toString({ lineWidth: 0 });
}

/** A value of any configuration with its secrets masked, for who wants to see it in JSON. */
export function maskedValue(value: unknown, path: readonly PropertyKey[] = []): unknown {
  if (typeof value === 'string') return value.includes('PRIVATE KEY') ? MASK : masked(path, value);
  if (Array.isArray(value)) return value.map((each, index) => maskedValue(each, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, maskedValue(each, [...path, key])]),
  );
}

/** A text of a file, and where it stands. */
interface Text {
  readonly path: readonly (string | number)[];
  readonly key: string;
  readonly value: string;
  readonly node: Scalar;
}

function masked(path: readonly PropertyKey[], value: string): string {
  const [above, key] = [path.at(-2), String(path.at(-1))];
  if (SECRETS.test(key) && !(key === 'key' && above === 'tls')) return MASK;
  // mqtt://user:password@host
  return value.replace(/^([a-z]+:\/\/[^/@\s]*:)[^/@\s]+(@.*)$/is, `$1${MASK}$2`);
}

/** All texts of a document. Numbers and truth values where a secret should be are texts, too. */
function* texts(document: Document): Generator<Text> {
  yield* textsIn(document, document.contents, []);
}

function* textsIn(
  document: Document,
  node: unknown,
  path: readonly (string | number)[],
): Generator<Text> {
  const inside = isAlias(node) ? node.resolve(document) : node;
  if (isMap(inside)) {
    for (const { key, value } of inside.items) {
      yield* textsIn(document, value, [...path, String(isScalar(key) ? key.value : key)]);
    }
  } else if (isSeq(inside)) {
    for (const [index, item] of inside.items.entries()) {
      yield* textsIn(document, item, [...path, index]);
    }
  } else if (isScalar(inside) && inside.value !== null) {
    yield { path, key: JSON.stringify(path), value: String(inside.value), node: inside };
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new IocError('config/read', `Read ${file}: ${messageOf(cause)}`, { cause });
  }
}
