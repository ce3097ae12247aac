// node scripts/kill-loop.mjs [kills, 200] [PVs, 2000]: an IOC that saves without pause is killed (SIGKILL)
// at random instants; each time the next start must find a whole set, the one before or the one after.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureBuild, ensureDependencies, say } from './prepare.mjs';

const self = fileURLToPath(import.meta.url);
const [first = '200', second = '2000', third = ''] = process.argv.slice(2);

if (first === '--save') await saveForever(second, Number(third));
else await loop(Number(first), Number(second));

async function loop(kills, count) {
  // npm test has seen to all of this.
  if (!process.env.VITEST) {
    checkNode();
    ensureDependencies();
    ensureBuild();
  }
  const folder = mkdtempSync(join(tmpdir(), 'kill-loop-'));
  const names = Array.from({ length: count }, (_, index) => `X:${index}`);
  writeFileSync(join(folder, 'a.req'), `${names.join('\n')}\n`);
  let torn = 0;
  let saves = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const told = await killedWhileSaving(folder, count);
    const found = await restored(folder, count);
    saves = Math.max(saves, told);
    // What was told to be saved is the least that must come back; one more may have been on its way.
    if (found === undefined || found < told || found > told + 1) {
      torn++;
      say(`kill ${kill}: ${told} was saved, and ${found ?? 'no whole set'} came back`);
    }
    if (kill % 50 === 0) say(`${kill} kills, ${torn} torn, ${saves} saves`);
  }
  rmSync(folder, { recursive: true });
  console.log(`${kills} kills, ${torn} torn`);
  process.exitCode = torn > 0 ? 1 : 0;
}

/** The number of the last save that a process told of before it was killed. */
async function killedWhileSaving(folder, count) {
  const child = spawn(process.execPath, [self, '--save', folder, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let heard = '';
  child.stdout.on('data', (text) => {
    heard += text;
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  child.kill('SIGKILL');
  await ended;
  // The last line may have been cut.
  return Number(heard.split('\n').at(-2));
}

/** The value that all PVs have after a start; undefined when they have not all the same. */
async function restored(folder, count) {
  const { autosave, records } = await savedRecords(folder, count);
  autosave.restoreFile({ file: 'a.sav', pass: 0 });
  await autosave.read();
  autosave.restore(0);
  const values = new Set(records.columns.number.subarray(0, count));
  return values.size === 1 ? [...values][0] : undefined;
}

/** Goes on from what is saved, and saves one number after the other. */
async function saveForever(folder, count) {
  const { autosave, records } = await savedRecords(folder, count);
  autosave.restoreFile({ file: 'a.sav', pass: 0 });
  await autosave.read();
  autosave.restore(0);
  const set = autosave.addSet({ request: 'a.req', method: { kind: 'manual' } });
  for (let value = (records.columns.number[0] ?? 0) + 1; ; value++) {
    for (let slot = 0; slot < count; slot++) records.configure(slot, 'VAL', value);
    const { status } = await set.save();
    if (status !== 4) throw new Error(`save ${value} came to ${status}`);
    process.stdout.write(`${value}\n`);
  }
}

async function savedRecords(folder, count) {
  const { RecordTable } = await import('../dist/records/index.js');
  const { Directory } = await import('../dist/pv/index.js');
  const { ProcessImage } = await import('../dist/model/index.js');
  const { Autosave } = await import('../dist/ops/index.js');
  const { silentLog, systemClock } = await import('../dist/kernel/index.js');
  const { autosaveRecords } = await import('../dist/ioc-autosave.js');
  const records = new RecordTable(new ProcessImage());
  for (let index = 0; index < count; index++) {
    records.add({ name: `X:${index}`, type: 'longout', role: 'soft' });
  }
  const options = {
    ...{ folder, requests: [folder], sequence: { files: 0, period: 60 } },
    ...{ retry: 60, incomplete: false, copies: 1 },
  };
  const autosave = new Autosave(options, {
    directory: new Directory(records),
    records: autosaveRecords(records),
    ...{ env: {}, log: silentLog, clock: systemClock },
  });
  return { autosave, records };
}
