import { readFileSync } from 'node:fs';
import type { SoftwareModule } from './bus/index.ts';
import { packageVersion } from './release.ts';

/** What the IOC consists of: itself, what runs it, its libraries. */
export function software(): readonly SoftwareModule[] {
  return [
    { type: 'ioc', name: 'twincat-ioc', version: packageVersion() },
    // The release of EPICS base whose protocol and record semantics are served.
    { type: 'epics', name: 'epics-base-compatible', version: '7.0.8' },
    { type: 'runtime', name: 'node', version: process.versions.node },
    { type: 'runtime', name: 'openssl', version: process.versions.openssl },
    ...libraries(),
  ];
}

/** The libraries that the package names; src/ and dist/ lie equally deep. */
function libraries(): readonly SoftwareModule[] {
  const own = new URL('../package.json', import.meta.url);
  const { dependencies = {} } = JSON.parse(readFileSync(own, 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys(dependencies).flatMap((name) => {
    const version = installed(name);
    return version === undefined ? [] : [{ type: 'library', name, version }];
  });
}

/** Version of a library where it is installed beside us, or above. */
function installed(name: string): string | undefined {
  for (const place of [`../node_modules/${name}`, `../../${name}`]) {
    try {
      const file = new URL(`${place}/package.json`, import.meta.url);
      return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
    } catch {
      // It may lie beside this package.
    }
  }
  return undefined;
}
