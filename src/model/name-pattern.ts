import { IocError } from '../kernel/index.ts';

/**
 * What names a pattern means: `*` stands for any characters, `?` for one, and a pattern between
 * slashes is a regular expression that matches anywhere. Throws `model/name-pattern`.
 */
export function namePattern(pattern: string): RegExp {
  const expression = /^\/(.+)\/$/.exec(pattern)?.[1];
  if (expression === undefined) return new RegExp(`^${globSource(pattern)}$`);
  try {
    return new RegExp(expression);
  } catch (cause) {
    const text = `"${pattern}" is no regular expression`;
    throw new IocError('model/name-pattern', text, { cause });
  }
}

function globSource(glob: string): string {
  return glob
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}
