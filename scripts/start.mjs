// npm start [-- CONFIG.yaml | COMMAND …]: installs and builds what is missing, then runs the IOC.
import { join } from 'node:path';
import { checkNode, ensureBuild, ensureDependencies, root } from './prepare.mjs';

checkNode();
ensureDependencies();
ensureBuild();

const given = process.argv.slice(2);
const isConfig = /\.(ya?ml|json)$/.test(given[0] ?? '');
const args =
  given.length === 0
    ? ['run', join(root, 'config/demo.yaml')]
    : isConfig
      ? ['run', ...given]
      : given;
process.argv = [process.execPath, join(root, 'dist/main.js'), ...args];
await import('../dist/main.js');
