// node scripts/fuzz.mjs [frames per decoder, 1000000] [seed]: every decoder takes that many broken frames.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, ensureDependencies, root, say } from './prepare.mjs';

checkNode();
ensureDependencies();

const [frames = '1000000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
say(`${frames} frames per decoder, seed ${seed}`);
const { status } = spawnSync(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--reporter=verbose', 'fuzz'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FUZZ_FRAMES: frames, FUZZ_SEED: seed },
  },
);
process.exitCode = status ?? 1;
