import { readFileSync } from 'node:fs';

/** The version of the package; src/cli and dist/cli lie equally deep. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
