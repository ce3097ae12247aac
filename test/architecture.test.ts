import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');

type Room = { readonly rooms: readonly string[]; readonly packages: readonly string[] };

/** The table of the house plan: room → rooms and foreign packages that it may import. */
const house: Readonly<Record<string, Room>> = {
  kernel: { rooms: [], packages: ['pino', 'pino-pretty'] },
  model: { rooms: ['kernel'], packages: [] },
  mqtt: { rooms: ['kernel'], packages: ['ws'] },
  ads: { rooms: ['mqtt', 'kernel'], packages: ['rxjs', 'mqtt'] },
  twincat: { rooms: ['ads', 'model', 'kernel'], packages: [] },
  simulator: { rooms: ['ads', 'model', 'kernel'], packages: [] },
  database: { rooms: ['kernel'], packages: [] },
  records: { rooms: ['database', 'model', 'kernel'], packages: [] },
  pv: { rooms: ['records', 'database', 'model', 'kernel'], packages: ['rxjs'] },
  pipeline: {
    rooms: ['pv', 'records', 'twincat', 'ads', 'model', 'kernel'],
    packages: ['rxjs'],
  },
  ca: { rooms: ['pv', 'model', 'kernel'], packages: [] },
  bus: {
    rooms: ['mqtt', 'pv', 'model', 'kernel'],
    packages: ['mqtt', 'aedes', 'ws', 'rxjs', 'zod'],
  },
  ops: { rooms: ['database', 'pv', 'model', 'kernel'], packages: ['rxjs'] },
  console: { rooms: ['database', 'pv', 'records', 'model', 'kernel'], packages: [] },
  config: { rooms: ['model', 'ads', 'mqtt', 'kernel'], packages: ['zod', 'yaml'] },
  cli: {
    rooms: ['.', 'config', 'ca', 'database', 'pv', 'simulator', 'ads', 'kernel'],
    packages: ['commander'],
  },
  // The composition root: main.ts, ioc.ts, demo.ts, index.ts.
  '.': { rooms: ['*'], packages: [] },
};

const files = listFiles(src).filter((file) => file.endsWith('.ts'));

describe('the house', () => {
  for (const file of files) {
    const name = relative(root, file);
    const text = readFileSync(file, 'utf8');
    const room = roomOf(file);

    it(`${name} imports only what its room may`, () => {
      const plan = house[room];
      expect(plan, `room ${room} is not in the house plan`).toBeDefined();
      expect(importsOf(text).flatMap((target) => violation(file, room, target, plan))).toEqual([]);
    });

    it(`${name} is short and in plain style`, () => {
      expect(text.split('\n').length).toBeLessThanOrEqual(301);
      expect(text).not.toMatch(/(:|as|<)\s*any\b/);
      expect(text).not.toMatch(/^\s*(export\s+)?(const\s+)?enum\s/m);
      expect(text).not.toMatch(/^\s*(export\s+)?namespace\s/m);
      expect(text).not.toMatch(/^export default/m);
    });
  }

  it('has only the rooms of the plan', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !(room in house))).toEqual([]);
  });
});

function violation(file: string, room: string, target: string, plan: Room | undefined): string[] {
  if (!plan || target.startsWith('node:')) return [];
  if (!target.startsWith('.')) {
    const name = target.startsWith('@')
      ? target.split('/').slice(0, 2).join('/')
      : target.split('/')[0];
    return plan.packages.includes(name ?? '') ? [] : [`package ${target}`];
  }
  const path = resolve(dirname(file), target);
  if (!path.startsWith(src + sep)) return [`${target} is outside src`];
  const other = roomOf(path);
  if (other === room) {
    return room !== '.' && path === join(src, room, 'index.ts')
      ? [`${target} is its own door`]
      : [];
  }
  if (other !== '.' && path !== join(src, other, 'index.ts')) return [`${target} bypasses a door`];
  return plan.rooms.includes('*') || plan.rooms.includes(other) ? [] : [`room ${other}`];
}

function roomOf(file: string): string {
  const [first, second] = relative(src, file).split(sep);
  return second === undefined ? '.' : (first ?? '.');
}

function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]/g);
  const bare = text.matchAll(/\bimport\(?\s*['"]([^'"]+)['"]/g);
  return [...found, ...bare].map((match) => match[1] ?? '');
}

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? listFiles(path) : [path];
  });
}
