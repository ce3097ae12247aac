import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { type Complaints, ConfigError, fileProblem, type Problem } from './config-error.ts';
import { issueText } from './issue-text.ts';

type Issue = z.core.$ZodIssue;

/** What of an issue tells where it lies. */
type Place = {
  readonly path: readonly PropertyKey[];
  readonly code?: string;
  readonly keys?: readonly string[];
};

/**
 * The content of a YAML (or JSON) file after the schema's checks and transformations. Every
 * mistake of the file is in the one `ConfigError` thrown.
 */
export function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  return readYamlWith(file, schema, (value) => value);
}

/** The same, made complete with what lies around the file; complaints about that are mistakes too. */
export function readYamlWith<T, Complete>(
  file: string,
  schema: z.ZodType<T>,
  complete: (value: T, complaints: Complaints) => Complete,
): Complete {
  const { document, at } = documentOf(file);
  const result = schema.safeParse(withoutNulls(document.toJS() ?? {}), { reportInput: true });
  if (!result.success) {
    // Without its cause, which holds all that the file says, secrets too.
    throw new ConfigError(
      result.error.issues
        .flatMap(single)
        .map((issue) => at(offsetOf(document, issue), issue.path, issueText(issue))),
    );
  }
  const problems: Problem[] = [];
  const completed = complete(result.data, {
    complain: (path, message) => problems.push(at(offsetOf(document, { path }), path, message)),
    report: (problem) => problems.push(problem),
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return completed;
}

/** Makes the problem that lies at an offset of the file. */
type Locate = (offset: number, path: readonly PropertyKey[], message: string) => Problem;

function documentOf(file: string): { readonly document: Document; readonly at: Locate } {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const at: Locate = (offset, path, message) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path: pathText(path), message };
  };
  const problems = document.errors.map((error) =>
    at(error.pos[0], [], `not YAML: ${error.message}`),
  );
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      // Its name may be a password that begins with an asterisk.
      const message = 'not YAML: * begins an alias, but of nothing; a text needs quotes then';
      problems.push(at(startOf(alias) ?? 0, [], message));
    },
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return { document, at };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([fileProblem(file, `cannot be read (${reason}); check the path`)], {
      cause,
    });
  }
}

/** A key with nothing behind it (all its lines commented out, say) is a key that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      each === null ? [] : [[key, withoutNulls(each)]],
    ),
  );
}

/** Several unknown keys in one map are several mistakes, each with its own line. */
function single(issue: Issue): Issue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ ...issue, keys: [key] }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );
}

/** Where in the text the issue lies; a missing key is blamed on the map that lacks it. */
function offsetOf(document: Document, issue: Place): number {
  const isOfKey = issue.code === 'unrecognized_keys';
  const path = isOfKey ? [...issue.path, issue.keys?.[0] ?? ''] : issue.path;
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    const inside = isAlias(node) ? node.resolve(document) : node;
    if (isMap(inside)) {
      const pair = inside.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) break;
      const isUnknownKey = isOfKey && depth === path.length - 1;
      node = isUnknownKey || pair.value === null ? pair.key : pair.value;
    } else if (isSeq(inside) && typeof key === 'number') {
      node = inside.items[key];
    } else break;
    offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
