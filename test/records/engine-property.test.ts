import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flag } from '../../src/records/index.ts';
import { Rig } from './rig.ts';

const names = Array.from({ length: 6 }, (_, i) => `R${i}`);
const severity = fc.constantFrom('', ' MS', ' MSS', ' MSI', ' NMS');

type Fields = Readonly<Record<string, fc.Arbitrary<string>>>;

function text(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((all) => all.join(''));
}

/** Link fields of record types, to some of the records. */
function linksTo(
  targets: readonly string[],
  process: readonly string[],
): Readonly<Record<string, Fields>> {
  const name = fc.constantFrom(...targets);
  const input = text(name, fc.constantFrom(...process), severity);
  const field = fc.constantFrom('', '.PROC', '.HIHI', '.DISA');
  const output = text(name, field, fc.constantFrom('', ' PP'), severity);
  const common = { FLNK: name, SDIS: input };
  return {
    ai: { ...common, INP: input, SIOL: input, SIML: input },
    ao: { ...common, DOL: input, OUT: output },
    calc: { ...common, INPA: input, INPB: input },
    calcout: { ...common, INPA: input, OUT: output },
    fanout: { ...common, LNK1: name, LNK2: name },
    dfanout: { ...common, OUTA: output, OUTB: output },
    seq: { ...common, DOL1: input, LNK1: output, LNK2: output },
  };
}

/** What else the types say, without and with waiting. */
const prompt: Fields = {
  ai: fc.constant(''),
  ao: fc.constantFrom('', 'field(OMSL, "closed_loop")'),
  calc: fc.constant('field(CALC, "A+1")'),
  calcout: fc.constantFrom('field(CALC, "A+1")', 'field(CALC, "A") field(OOPT, "On Change")'),
  fanout: fc.constant(''),
  dfanout: fc.constant(''),
};
const patient: Fields = {
  ...prompt,
  ai: fc.constantFrom(
    'field(DTYP, "Async Soft Channel")',
    'field(SIMM, "YES") field(SDLY, "0.01")',
  ),
  calcout: fc.constant('field(CALC, "A+1") field(ODLY, "0.02")'),
  seq: fc.constantFrom('', 'field(DLY1, "0.03")', 'field(DLY2, "0.01")'),
};

/** A record without its name. */
function record(
  types: Fields,
  targets: readonly string[],
  process = ['', ' PP'],
): fc.Arbitrary<string> {
  const links = linksTo(targets, process);
  return fc.constantFrom(...Object.keys(types)).chain((type) => {
    const fields = Object.entries(links[type] ?? {}).map(([field, link]) => {
      return fc.option(
        link.map((to) => `field(${field}, "${to}") `),
        { nil: '' },
      );
    });
    return text(...fields, types[type] ?? fc.constant('')).map(
      (all) => `record(${type}, "#") { ${all} }`,
    );
  });
}

function database(records: readonly string[]): string {
  return records.map((one, at) => one.replace('#', names[at] ?? '')).join('\n');
}

const puts = fc.array(
  fc.record({
    name: text(fc.constantFrom(...names), fc.constantFrom('.PROC', '.VAL', '.DISA')),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 10 },
);

function active(rig: Rig, flags: number): string[] {
  return names.filter((name) => rig.records.columns.has(rig.records.slotOf(name) ?? -1, flags));
}

describe('records linked in any way', () => {
  it('that wait for nothing answer every put at once, and are at rest then', () => {
    const any = fc.array(record(prompt, names, ['', ' PP', ' CP', ' CPP']), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(any, puts, (records, all) => {
        const rig = new Rig().load(database(records));
        for (const { name, value } of all) {
          expect(rig.put(name, value, true)).toEqual({ kind: 'done' });
          expect(active(rig, Flag.entered | Flag.pact | Flag.rpro | Flag.putf)).toEqual([]);
          expect(rig.records.engine.turns.isOpen).toBe(false);
          rig.clock.advance(2);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('and that wait, but in no circle, answer every put, and come to rest', async () => {
    const chain = fc.tuple(
      ...names.map((_, at) => {
        const later = names.slice(at + 1);
        return later.length > 0 ? record(patient, later) : fc.constant('record(ao, "#") {}');
      }),
    );
    await fc.assert(
      fc.asyncProperty(chain, puts, async (records, all) => {
        const rig = new Rig().load(database(records));
        const answers = all.map(({ name, value }) => rig.put(name, value, true));
        let waiting = answers.length;
        for (const answer of answers) void Promise.resolve(answer).then(() => waiting--);
        for (let turns = 0; turns < 100; turns++) {
          rig.clock.advance(10);
          for (let i = 0; i < 4; i++) await Promise.resolve();
        }
        expect(waiting).toBe(0);
        expect(active(rig, Flag.entered | Flag.pact)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('Async Soft Channel', () => {
  it.each([
    ['a record that reads itself', 'record(ai, "A") { INP(A) }'],
    ['two that read each other', 'record(ai, "A") { INP(B) } record(ai, "B") { INP(A) }'],
    [
      'one that is behind what it reads',
      'record(ai, "A") { INP(B) } record(ao, "B") { field(FLNK, "C") } record(ai, "C") { INP(A) }',
    ],
  ])('does not wait for ever: %s', async (_, records) => {
    const async = 'field(DTYP, "Async Soft Channel") field(INP, "$1")';
    const rig = new Rig().load(records.replaceAll(/INP\((.)\)/g, async));
    expect(await rig.put('A.PROC', 1, true)).toEqual({ kind: 'done' });
    rig.clock.advance(100);
    await Promise.resolve();
    expect(rig.get('A.PACT')).toBe(0);
  });
});
