import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { filesTogether, mistakesOf } from './files.ts';

const scope = new Scope();
afterAll(() => scope[Symbol.asyncDispose]());

const file = (text: string) =>
  filesTogether(scope, { 'ioc.yaml': `prefix: X\nplants: []\nautosave:\n${text}` });

describe('the autosave section', () => {
  it('has the two sets of epics-containers, and the numbers of the C module', () => {
    expect(loadConfig(file('  folder: /autosave')).autosave).toEqual({
      folder: '/autosave',
      requests: [],
      sets: [
        {
          request: 'autosave_positions.req',
          ...{ macros: 'P=X:', passes: [0], method: 'monitored', period: 5 },
          tag: 'autosaveFields_pass0',
        },
        {
          request: 'autosave_settings.req',
          ...{ macros: 'P=X:', passes: [1], method: 'monitored', period: 30 },
          tag: 'autosaveFields',
        },
      ],
      sequence: { files: 3, period: 60 },
      retry: 60,
      incomplete: true,
      copies: 10,
      status: 'X:',
    });
  });

  it('has sets of its own; folders are relative to the file', () => {
    const { folder, requests, sets } =
      loadConfig(
        file(`  folder: save
  requests: [req]
  sets:
    - { request: a.req, macros: 'P=Y:', pass: both, period: 10 }
    - { request: b.req, pass: never, method: triggered, trigger: Y:go }`),
      ).autosave ?? {};
    expect(folder).toMatch(/^\/.*\/save$/);
    expect(requests?.[0]).toMatch(/^\/.*\/req$/);
    expect(sets).toMatchObject([
      { macros: 'P=Y:', passes: [0, 1], method: 'monitored', period: 10 },
      { macros: 'P=X:', passes: [], method: 'triggered', trigger: 'Y:go' },
    ]);
  });

  it.each([
    ['  requests: []', '4:3: autosave.folder: is missing'],
    [
      '  folder: a\n  sets: [{ request: a.req, method: triggered }]',
      '5:10: autosave.sets[0]: a triggered set needs the PV that is its trigger',
    ],
    [
      '  folder: a\n  sets: [{ request: a.req }, { request: x/a.req }]',
      '5:41: autosave.sets[1].request: there is a set of that name already',
    ],
    [
      '  folder: a\n  sets: [{ request: a.req, period: 1 }]',
      '5:36: autosave.sets[0].period: must be at least 4, not 1',
    ],
  ])('%j is wrong: %s', (text, problem) => {
    expect(mistakesOf(file(text))[0]).toContain(problem);
  });
});
