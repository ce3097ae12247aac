import { readFileSync } from 'node:fs';

/** The version of the package; src/ and dist/ lie equally deep. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}

/** What IOC this is, in a box of `#`, as EPICS base prints its own. */
export function releaseLines(): readonly string[] {
  const rule = '#'.repeat(76);
  return [rule, `## twincat-ioc ${packageVersion()} on Node.js ${process.versions.node}`, rule];
}
