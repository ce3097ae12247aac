// What `npm start`, `npm test` and `npm run bench` need before they can run: plain Node, no packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const WANTED = [20, 19];

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return;
  fail(`twincat-ioc needs Node.js ${WANTED.join('.')} or newer; this is ${process.versions.node}`);
}

/** Installs the packages of the lock file when they are missing or of another lock file. */
export function ensureDependencies() {
  const wanted = hashOf([join(root, 'package-lock.json')]);
  const stamp = join(root, 'node_modules', '.twincat-ioc-lock');
  if (textOf(stamp) === wanted) return;
  say('installing dependencies (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** Compiles src/ to dist/ when a source is newer than the last build. */
export function ensureBuild() {
  const sources = listFiles(join(root, 'src')).concat(
    ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((file) => join(root, file)),
  );
  const wanted = hashOf(sources);
  const stamp = join(root, 'dist', '.build');
  if (textOf(stamp) === wanted) return;
  say('building …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, wanted);
}

export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) fail(`${[command, ...args].join(' ')} ended with ${status}`);
}

export function say(text) {
  process.stderr.write(`twincat-ioc: ${text}\n`);
}

export function fail(text) {
  say(text);
  process.exit(1);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    if (!existsSync(file)) fail(`${file} is missing: is this a whole checkout?`);
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)],
    );
}
