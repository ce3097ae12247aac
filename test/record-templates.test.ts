import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTerminalDefinitions, shippedDatabases } from '../src/config/index.ts';
import { DatabaseLoader } from '../src/database/index.ts';
import { Scope } from '../src/kernel/index.ts';
import { ProcessImage } from '../src/model/index.ts';
import { Directory } from '../src/pv/index.ts';
import { RecordTemplates } from '../src/record-templates.ts';
import { loadDatabase, RecordTable, recordTypes } from '../src/records/index.ts';
import { temporaryFolder } from './console/shell-rig.ts';
import { heard } from './ops/autosave/saved-ioc.ts';

let scope: Scope;
let folder = '';
beforeEach(() => {
  scope = new Scope();
  ({ folder } = temporaryFolder(scope));
});
afterEach(() => scope[Symbol.asyncDispose]());

function rig(...folders: string[]) {
  const records = new RecordTable(new ProcessImage());
  const directory = new Directory(records);
  const { log, lines } = heard();
  const templates = new RecordTemplates([...folders, shippedDatabases], records, log);
  const read = (name: string) => directory.find(name)?.read();
  const tag = (record: string, name: string) =>
    records.infos(records.slotOf(record) ?? -1).get(name);
  return { records, templates, lines, read, tag };
}

const unknown = { low: NaN, high: NaN, states: ['NO_ALARM', 'NO_ALARM'] } as const;
const known = { template: 'analogue-input', terminal: 'EL3104', value: 'X:v', step: 0.5 };
const input = { ...known, ...unknown };
const output = { ...input, template: 'digital-output', value: 'X:s_RBV', setpoint: 'X:s' };

describe('the templates of a terminal', () => {
  it('say more of its records: dead-bands, archive and autosave tags', () => {
    const { records, templates, read, tag } = rig();
    templates.dress(input);
    records.add({ name: 'X:v', type: 'ai', role: 'input' });
    expect(read('X:v.ADEL')).toBe(0.5);
    expect(tag('X:v', 'archive')).toBe('monitor 1: VAL');
    expect(tag('X:v', 'autosaveFields')).toContain('HIHI');
  });

  it('set limits where the range is known, and none that could be reached where it is not', () => {
    const { records, templates, read } = rig();
    templates.dress({ ...input, low: -10, high: 10 });
    templates.dress({ ...input, value: 'X:w' });
    for (const name of ['X:v', 'X:w']) records.add({ name, type: 'ai', role: 'input' });
    const fields = ['LOW', 'HIGH', 'LSV', 'HSV', 'HYST', 'HIHI', 'HHSV'];
    const said = (name: string) => fields.map((each) => read(`${name}.${each}`));
    expect(said('X:v')).toEqual([-10, 10, 1, 1, 0.5, 0, 0]);
    expect(said('X:w')).toEqual([NaN, NaN, 1, 1, 0.5, 0, 0]);
  });

  it('limit what may be put', () => {
    const { records, templates, read } = rig();
    const wish = { ...input, template: 'analogue-output', value: 'X:r', setpoint: 'X:s' };
    templates.dress({ ...wish, low: 0, high: 100 });
    records.add({ name: 'X:s', type: 'ao', role: 'setpoint' });
    expect([read('X:s.DRVL'), read('X:s.DRVH')]).toEqual([0, 100]);
  });

  it('know how grave the states of a status bit are', () => {
    const { records, templates, read } = rig();
    templates.dress({ ...input, template: 'status-bit', states: ['NO_ALARM', 'MAJOR'] });
    records.add({ name: 'X:v', type: 'bi', role: 'input' });
    expect([read('X:v.ZSV'), read('X:v.OSV')]).toEqual([0, 2]);
  });

  it('may be for one terminal type, and include what is for all', () => {
    writeFileSync(join(folder, 'digital-input.template'), 'record("*","$(PV)"){info(site,"yes")}');
    const { records, templates, read, tag } = rig();
    const supply = { ...input, template: 'digital-input', terminal: 'EL9410' };
    templates.dress(supply);
    const site = rig(folder);
    site.templates.dress(supply);
    for (const each of [records, site.records]) {
      each.add({ name: 'X:v', type: 'bi', role: 'input' });
    }
    expect([read('X:v.OSV'), tag('X:v', 'archive')]).toEqual([2, 'monitor 1: VAL']);
    // A site's file of that name goes before ours for a type.
    expect([site.read('X:v.OSV'), site.tag('X:v', 'site')]).toEqual([0, 'yes']);
  });

  it('know the setpoint from what the plant says', () => {
    const { records, templates, tag } = rig();
    templates.dress(output);
    records.add({ name: 'X:s_RBV', type: 'bi', role: 'input' });
    records.add({ name: 'X:s', type: 'bo', role: 'setpoint' });
    expect(tag('X:s', 'autosaveFields_pass0')).toBe('VAL');
    expect(tag('X:s_RBV', 'autosaveFields_pass0')).toBeUndefined();
  });

  it('give way to those of a site by their names, and to those of a type', () => {
    writeFileSync(
      join(folder, 'analogue-input.template'),
      'record("*","$(PV)"){field(EGU,"site")} record(calc,"$(PV):twice"){field(INPA,"$(PV) CP")}',
    );
    writeFileSync(
      join(folder, 'EL3202.analogue-input.template'),
      'record("*","$(PV)"){field(EGU,"$(TYPE)") field(HIHI,850)}',
    );
    const { records, templates, read } = rig(folder);
    templates.dress(input);
    templates.dress({ ...input, value: 'X:w' });
    templates.dress({ ...input, terminal: 'EL3202', value: 'X:t' });
    for (const name of ['X:v', 'X:w', 'X:t']) records.add({ name, type: 'ai', role: 'input' });
    expect([read('X:v.EGU'), read('X:v.ADEL'), read('X:w.EGU')]).toEqual(['site', 0, 'site']);
    expect(read('X:w:twice.INPA')).toBe('X:w CP NMS');
    expect([read('X:t.EGU'), read('X:t.HIHI')]).toEqual(['EL3202', 850]);
  });

  it('give way to what databases say of the same record', () => {
    const { records, templates, read } = rig();
    const loader = new DatabaseLoader({ others: 'kept' });
    loader.loadText('site.db', 'record("*","X:v"){field(ADEL,9)}');
    loadDatabase(records, loader.database);
    templates.dress(input);
    records.add({ name: 'X:v', type: 'ai', role: 'input' });
    expect(read('X:v.ADEL')).toBe(9);
  });

  it('tell what is wrong in them once', () => {
    writeFileSync(join(folder, 'analogue-input.template'), 'record("*","$(PV)"){field(EGU V)}');
    const { templates, lines } = rig(folder);
    for (const value of ['X:a', 'X:b']) templates.dress({ ...input, value });
    for (const value of ['X:c', 'X:d']) templates.dress({ ...input, template: 'none-such', value });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('analogue-input.template:1:31: expected ",", found "V"');
    expect(lines[1]).toContain('template none-such of EL3104 is in none of');
  });
});

describe('the shipped templates', () => {
  const definitions = [...loadTerminalDefinitions().values()];
  const wanted = new Set(
    definitions.flatMap(({ symbols }) =>
      symbols.flatMap(({ template, fields }) =>
        [template, ...fields.map((field) => field.template)].flatMap((each) => each ?? []),
      ),
    ),
  );

  it('are all that the shipped terminal types name', () => {
    const files = readdirSync(shippedDatabases).filter((name) => name !== 'iocStats.template');
    const names = files.map((name) => name.replace('.template', '').split('.'));
    const general = names.flatMap(([name, ...more]) => (more.length === 0 ? name : []));
    expect(general.sort()).toEqual([...wanted].sort());
    const types = new Set(definitions.map(({ type }) => type));
    for (const [type = '', name] of names.filter(({ length }) => length > 1)) {
      expect([type, types.has(type), wanted.has(name ?? '')]).toEqual([type, true, true]);
    }
  });

  it.each([...wanted])('%s fits the records that it is for', (template) => {
    const way = template.endsWith('output');
    const kind = template.split('-')[0] ?? '';
    const types = {
      analogue: ['ai', 'ao'],
      integer: ['longin', 'longout'],
      digital: ['bi', 'bo'],
      status: ['bi'],
    };
    const [read = 'ai', write = 'ao'] = types[kind as keyof typeof types] ?? [];
    const { records, templates, lines } = rig();
    const names = { value: 'X:r', ...(way && { setpoint: 'X:s' }) };
    templates.dress({ template, terminal: 'EL1', step: 1, ...unknown, low: -5, high: 5, ...names });
    expect(lines).toEqual([]);
    records.add({ name: 'X:r', type: read as keyof typeof recordTypes, role: 'input' });
    if (way)
      records.add({ name: 'X:s', type: write as keyof typeof recordTypes, role: 'setpoint' });
    for (const record of way ? ['X:r', 'X:s'] : ['X:r']) {
      const infos = records.infos(records.slotOf(record) ?? -1);
      const fields = (infos.get('autosaveFields') ?? '').split(' ').filter((name) => name !== '');
      const type = record === 'X:s' ? write : read;
      const known = recordTypes[type as keyof typeof recordTypes].fields;
      expect(fields.filter((name) => !known.has(name))).toEqual([]);
      expect(infos.get('archive')).toBe('monitor 1: VAL');
    }
  });
});
