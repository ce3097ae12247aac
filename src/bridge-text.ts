import { chmodSync, writeFileSync } from 'node:fs';
import { mosquittoBridge } from './bus/index.ts';
import type { IocConfig } from './config/index.ts';
import { IocError } from './kernel/index.ts';

/**
 * The bridges of a configuration, or the one of a name, as sections of mosquitto.conf. Throws
 * `bus/no-bridge` when there is none.
 */
export function bridgeText(
  { bus }: IocConfig,
  name: string | undefined,
  { withSecrets }: { readonly withSecrets: boolean },
): string {
  const all = bus?.bridges ?? [];
  const wanted = name === undefined ? all : all.filter((each) => each.name === name);
  if (wanted.length === 0) {
    const there = all.map((each) => each.name).join(', ') || 'none';
    const what = name === undefined ? 'no bridges' : `no bridge ${name}; there are: ${there}`;
    throw new IocError('bus/no-bridge', `The configuration has ${what}: see bus.bridges`);
  }
  return wanted
    .map(({ remote, ...options }) => mosquittoBridge(options, remote, { withSecrets }))
    .join('\n');
}

/** Writes it to a file that nobody else may read: it holds passwords. */
export function writeBridges(config: IocConfig, name: string | undefined, file: string): void {
  const text = bridgeText(config, name, { withSecrets: true });
  // One that is there already may be open to others.
  writeFileSync(file, '', { mode: 0o600 });
  chmodSync(file, 0o600);
  writeFileSync(file, text);
}
