import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Scope } from '../src/kernel/index.ts';
import { chooseConfig, stageConfig } from '../src/staged-config.ts';
import { filesTogether } from './config/files.ts';

const plant = 'plant: { host: cx, netId: 5.1.2.3.1.1 }\n';
const old = `prefix: OLD\n${plant}`;
const bus = 'bus: { url: mqtt://b, user: ioc, password: sesame }\n';

/** A configuration file, and a new one that came from somewhere else. */
function files(scope: Scope, next: string, before = old) {
  const file = filesTogether(scope, { 'ioc.yaml': before, 'site.db': '' });
  const from = filesTogether(scope, { came: next });
  const told: string[] = [];
  const choose = () => chooseConfig(file, {}, (text) => told.push(text));
  return { file, told, choose, stage: () => stageConfig(file, from, {}) };
}

const text = (file: string) => readFileSync(file, 'utf8');

describe('a configuration that is staged', () => {
  it('waits for the next start, and takes the place of the old one when the IOC runs with it', async () => {
    await using scope = new Scope();
    const { file, choose, stage, told } = files(
      scope,
      `prefix: NEW\n${plant}databases: [site.db]\n`,
    );
    await stage();
    expect(text(file)).toBe(old);
    const chosen = choose();
    expect([chosen.config.prefix, chosen.isStaged]).toEqual(['NEW', true]);
    expect(chosen.config.databases[0]?.file).toBe(join(dirname(file), 'site.db'));
    expect(text(file)).toBe(old);
    chosen.keep();
    expect(text(file)).toContain('prefix: NEW');
    expect(text(`${file}.previous`)).toBe(old);
    expect(choose()).toMatchObject({ isStaged: false, config: { prefix: 'NEW' } });
    expect(told).toEqual([]);
  });

  it('is put aside when the IOC does not start with it', async () => {
    await using scope = new Scope();
    const { file, choose, stage, told } = files(scope, `prefix: NEW\n${plant}`);
    await stage();
    choose().refuse('port 5064 is in use');
    expect(told).toEqual([
      `the new configuration is refused, kept as ${file}.refused: port 5064 is in use`,
    ]);
    expect(choose()).toMatchObject({ isStaged: false, config: { prefix: 'OLD' } });
  });

  it('is put aside when the process that tried it died', async () => {
    await using scope = new Scope();
    const { file, choose, stage, told } = files(scope, `prefix: NEW\n${plant}`);
    await stage();
    choose();
    expect(choose()).toMatchObject({ isStaged: false, config: { prefix: 'OLD' } });
    expect(told[0]).toContain('the IOC did not come up with it');
    expect(existsSync(`${file}.refused`)).toBe(true);
  });

  it('is tried again when the start was told to stop', async () => {
    await using scope = new Scope();
    const { choose, stage } = files(scope, `prefix: NEW\n${plant}`);
    await stage();
    choose().postpone();
    expect(choose()).toMatchObject({ isStaged: true, config: { prefix: 'NEW' } });
  });

  it('is put aside when it is not right any more', async () => {
    await using scope = new Scope();
    const { file, choose, stage, told } = files(
      scope,
      `prefix: NEW\n${plant}databases: [site.db]\n`,
    );
    await stage();
    renameSync(join(dirname(file), 'site.db'), join(dirname(file), 'other.db'));
    writeFileSync(`${file}.staged`, 'prefix: 1\n');
    expect(choose().config.prefix).toBe('OLD');
    expect(told[0]).toContain(`${file}:1:`);
  });

  it('is not taken with a mistake, which is told by its place', async () => {
    await using scope = new Scope();
    const { file, stage } = files(scope, `prefix: NEW\n${plant}pol: { period: 1 }\n`);
    await expect(stage()).rejects.toThrow(
      `the configuration is not taken: ${file}:3:1: unknown key "pol"`,
    );
    expect([existsSync(`${file}.staged`), existsSync(`${file}.draft`)]).toEqual([false, false]);
    expect(text(file)).toBe(old);
  });

  it('has the secrets of the old one where it shows masks, and is as secret', async () => {
    await using scope = new Scope();
    const masked = `prefix: NEW\n${plant}${bus.replace('sesame', "'********'")}`;
    const { file, stage, choose } = files(scope, masked, `${old}${bus}`);
    chmodSync(file, 0o600);
    await stage();
    expect(choose().config.bus?.link.password).toBe('sesame');
    expect(statSync(`${file}.trying`).mode & 0o777).toBe(0o600);
  });
});
