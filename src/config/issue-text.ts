import { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * A map that refuses keys it does not know, and then says which ones it knows: a misspelt key
 * must not be a silent default.
 */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${issue.keys?.[0]}"; known here: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** One issue as a sentence for the person who edits the file. */
export function issueText(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `is missing; give ${article(issue.expected)}`;
      return `must be ${article(issue.expected)}, not ${instead(issue)}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}, not ${shown(issue.input)}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, not ${shown(issue.input)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, not ${shown(issue.input)}`;
    case 'unrecognized_keys':
      return issue.message.replace(/^unknown key "[^"]*"/, `unknown key "${issue.keys[0]}"`);
    default:
      return issue.message;
  }
}

/** What stands there; in the place of a map it may be a secret of that map, and is not shown. */
function instead({ expected, input }: Issue & { readonly code: 'invalid_type' }): string {
  if (expected !== 'object') return shown(input);
  return Array.isArray(input) ? 'a list' : article(typeof input);
}

/** A value as it stands in the file, cut when long. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
};

function article(type: string): string {
  return names[type] ?? type;
}
