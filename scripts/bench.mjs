// npm run bench [-- --quick --only NAME --json]: installs what is missing, compiles, measures.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureDependencies, root, run } from './prepare.mjs';

checkNode();
ensureDependencies();

// Node 20 does not run TypeScript. What is measured is compiled as the build compiles it, to a
// place that git, Biome and the package know nothing of.
const out = join(root, 'node_modules', '.cache', 'twincat-ioc-bench');
rmSync(out, { recursive: true, force: true });
run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'bench']);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'package.json'), '{ "type": "module", "version": "bench" }\n');
for (const shipped of ['config', 'db']) {
  symlinkSync(join(root, shipped), join(out, shipped), 'junction');
}

await import(pathToFileURL(join(out, 'bench', 'main.js')).href);
