import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/demo-ioc.ts';

// The long run is `npm run kill-loop`: 200 kills.
it('an IOC that is killed while it saves leaves a whole set', () => {
  const script = join(repository, 'scripts/kill-loop.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '10', '500'], {
    encoding: 'utf8',
  });
  expect(stdout, stderr).toContain('10 kills, 0 torn\n');
}, 120_000);
