// npm test [-- vitest arguments]: set-up, formatter and linter, types, build, every test.
// The last line reads `N passed, N failed` (`, N skipped`).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensureBuild, ensureDependencies, root, say } from './prepare.mjs';

checkNode();
ensureDependencies();
installDebian('libca4.13.5', () => libraryExists('libca.so'));
installDebian('mosquitto', () => existsSync('/usr/sbin/mosquitto'));
installDebian('mosquitto-clients', () => existsSync('/usr/bin/mosquitto_sub'));

const bin = (name) => join(root, 'node_modules', '.bin', name);
const given = process.argv.slice(2);
const outcome = { passed: 0, failed: 0, skipped: 0 };

if (given.length === 0) {
  check('formatting and lint (biome ci)', bin('biome'), ['ci', '.']);
  check('types (tsc)', bin('tsc'), ['-p', 'tsconfig.json']);
}
ensureBuild();
runTests();

const skipped = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : '';
console.log(`${outcome.passed} passed, ${outcome.failed} failed${skipped}`);
process.exitCode = outcome.failed > 0 ? 1 : 0;

function check(name, command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  say(`${name}: ${status === 0 ? 'clean' : 'NOT CLEAN'}`);
  if (status === 0) outcome.passed++;
  else outcome.failed++;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-test-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(bin('vitest'), ['run', ...reporters, ...given], {
    cwd: root,
    stdio: 'inherit',
  });
  if (!existsSync(report)) {
    say(`the test runner ended with ${status} before it could report`);
    outcome.failed++;
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  nameSkipped(result);
  outcome.passed += result.numPassedTests;
  outcome.failed += result.numFailedTests;
  outcome.skipped += result.numPendingTests + result.numTodoTests;
  // A file that could not be loaded has no failed test to count.
  if (status !== 0 && result.numFailedTests === 0) outcome.failed++;
}

function nameSkipped(result) {
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'pending' || test.status === 'skipped') say(`skipped: ${test.fullName}`);
    }
  }
}

/** Debian's package, when this is a Debian, we may, and it is missing. */
function installDebian(name, isThere) {
  if (isThere() || !existsSync('/usr/bin/apt-get')) return;
  if (process.getuid?.() !== 0) {
    say(`${name} is missing; to run the tests that need it: sudo apt-get install ${name}`);
    return;
  }
  say(`installing ${name} …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] }).status;
  const install = ['install', '-y', '--no-install-recommends', name];
  if (apt(...install) !== 0 && (apt('update') !== 0 || apt(...install) !== 0)) {
    say(`${name} could not be installed; the tests that need it are skipped`);
  }
}

function libraryExists(prefix) {
  const folders = ['/usr/lib', '/usr/local/lib', `/usr/lib/${debianTriplet()}`];
  return folders
    .filter((folder) => existsSync(folder))
    .some((folder) => readdirSync(folder).some((file) => file.startsWith(prefix)));
}

function debianTriplet() {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
}
