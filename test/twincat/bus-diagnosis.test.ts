import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/index.ts';
import { buildTree, Derivation, type PlantSource } from '../../src/twincat/index.ts';
import { bitEntry, device, known, plant, slave } from './tree-plants.ts';

const slaves = [
  slave('EK1100', 'Term 1 (EK1100)', 1001),
  slave('EL1004', 'Term 2 (EL1004)', 1002),
  slave('EL3104', 'Term 3 (EL3104)', 1003),
];
const table = slaves
  .slice(1)
  .map(({ name }, i) => bitEntry(`${name}.WcState.WcState`, { offset: i }));
const { tree } = buildTree(plant(slaves, table), known());
const master = tree.children[0];

type Derived = Extract<PlantSource, { kind: 'derived' }>;

/** Values of a derived attribute of the master after readings a second apart. */
function values(name: string, ...readings: Uint8Array[]): (Value | undefined)[] {
  const derivation = new Derivation(derivedOf(name));
  return readings.map((bytes, at) => derivation.next({ at, bytes }));
}

function derivedOf(name: string, attributes = master?.attributes): Derived {
  const source = attributes?.find((each) => each.name === name)?.source;
  if (source?.kind !== 'derived') throw new Error(`${name} is not derived`);
  return source;
}

const u32s = (...counts: number[]) => new Uint8Array(Uint32Array.from(counts).buffer);
/** Sums of the three slaves, then four ports of each. */
const crc = (...ports: [number, number, number, number][]) =>
  u32s(...ports.map((each) => each.reduce((sum, n) => sum + n)), ...ports.flat());

describe('lost frames and CRC errors', () => {
  it('are told per second, from the second reading on', () => {
    const frames = (lost: number) => u32s(0, 1000, lost, 50, 0);
    expect(values('lost_cyclic_frame_rate', frames(10), frames(10), frames(16))).toEqual([
      undefined,
      0,
      3,
    ]);
    expect(values('crc_error_rate', u32s(1, 0, 0), u32s(1, 4, 2))).toEqual([undefined, 6]);
  });

  it('do not fall below 0 when the counters are reset', () => {
    expect(values('crc_error_rate', u32s(900, 0, 0), u32s(2, 0, 0))[1]).toBe(2);
  });

  it('of one slave come from its own ports', () => {
    const coupler = master?.children[0];
    const source = derivedOf('crc_error_rate', coupler?.attributes);
    expect(source.inputs.map(({ offset, length }) => [offset, length])).toEqual([[1001, 16]]);
    const derivation = new Derivation(source);
    derivation.next({ at: 0, bytes: u32s(0, 0, 0, 0) });
    expect(derivation.next({ at: 2, bytes: u32s(3, 1, 0, 0) })).toBe(2);
  });
});

describe('the place where errors begin', () => {
  const none: [number, number, number, number] = [0, 0, 0, 0];
  const quiet = crc([5, 0, 0, 0], none, none);
  const noisy = crc([5, 0, 0, 0], [7, 0, 0, 0], [9, 0, 0, 0]);

  it('is the first slave in bus order whose counter rose, and its port', () => {
    expect(values('first_faulty_port', quiet, noisy)[1]).toBe(1);
    expect(values('faulty_segment', quiet, noisy)[1]).toBe(
      'between port B of Term 1 (EK1100) and port A of Term 2 (EL1004)',
    );
    expect(values('first_faulty_slave', quiet, noisy)[1]).toBe(1002);
  });

  it('is the cable from the master for the first slave, or the way back for other ports', () => {
    expect(values('faulty_segment', quiet, crc([6, 0, 0, 0], none, none))[1]).toBe(
      'between the master and port A of Term 1 (EK1100)',
    );
    const back = crc([5, 3, 0, 0], none, none);
    expect(values('faulty_segment', quiet, back)[1]).toBe(
      'between port B of Term 1 (EK1100) and port A of Term 2 (EL1004), on the way back',
    );
    expect(values('first_faulty_port', quiet, back)[1]).toBe(2);
    expect(values('faulty_segment', quiet, crc([5, 0, 3, 0], none, none))[1]).toBe(
      'at port C of Term 1 (EK1100)',
    );
  });

  it('is a slave whose ports are not told, where its sum rose', () => {
    const mute = crc([5, 0, 0, 0], none, none);
    mute.set(u32s(3), 4);
    expect(values('first_faulty_slave', quiet, mute)[1]).toBe(1002);
    expect(values('first_faulty_port', quiet, mute)[1]).toBe(0);
    expect(values('faulty_segment', quiet, mute)[1]).toBe('at Term 2 (EL1004)');
  });

  it('is none while old errors do not grow, and none again a minute after they did', () => {
    expect(values('first_faulty_slave', quiet, quiet)[1]).toBe(0);
    const later = Array.from({ length: 80 }, () => crc([6, 0, 0, 0], none, none));
    const told = values('first_faulty_slave', quiet, ...later);
    expect(told[30]).toBe(1001);
    expect(told.at(-1)).toBe(0);
  });
});

describe('the place where errors begin behind a junction', () => {
  // 1001 EK1100, B: 1002 EK1122, D: 1003 EP3174, B: 1004 EL1004, C: 1005 EK1100.
  const wired = [
    { ...slave('EK1100', 'Term 1', 1001), neighbours: [0, 1002, 0, 0] as const },
    { ...slave('EK1122', 'Term 2', 1002), neighbours: [1001, 1004, 1005, 1003] as const },
    { ...slave('EP3174-0002', 'Box 3', 1003), neighbours: [1002, 0, 0, 0] as const },
    { ...slave('EL1004', 'Term 4', 1004), neighbours: [1002, 0, 0, 0] as const },
    { ...slave('EK1100', 'Term 5', 1005), neighbours: [1002, 0, 0, 0] as const },
  ];
  const facts = { ...device(wired), hasLostLinks: true };
  const [bus] = buildTree({ ...plant([]), devices: [facts] }, known()).tree.children;
  const sources = (name: string) => derivedOf(name, bus?.attributes);

  /** Counters of five slaves: those that are not told are 0. */
  function reading(
    crcOf: Readonly<Record<number, readonly [number, number, number, number]>>,
    linksOf: Readonly<Record<number, readonly [number, number, number, number]>> = {},
  ): Uint8Array {
    const ports = wired.map(({ address }) => crcOf[address] ?? [0, 0, 0, 0]);
    const sums = ports.map((each) => each.reduce((sum, n) => sum + n));
    const links = wired.map(({ address }) => {
      const answer = new Uint8Array(16);
      answer.set(linksOf[address] ?? [], 10);
      answer[14] = 1;
      return answer;
    });
    return Buffer.concat([u32s(...sums, ...ports.flat()), ...links]);
  }

  function told(name: string, ...readings: Uint8Array[]) {
    const derivation = new Derivation(sources(name));
    return readings.map((bytes, at) => derivation.next({ at, bytes })).at(-1);
  }

  it('is the first port that the frame comes to, not the first slave in bus order', () => {
    // On the way back the error is counted at the junction, too, which is before it on the bus.
    const errors = reading({ 1002: [0, 4, 4, 0], 1004: [4, 0, 0, 0], 1005: [4, 0, 0, 0] });
    expect(told('first_faulty_slave', reading({}), errors)).toBe(1004);
    expect(told('first_faulty_port', reading({}), errors)).toBe(1);
    expect(told('faulty_segment', reading({}), errors)).toBe(
      'between port B of Term 2 and port A of Term 4',
    );
  });

  it('names the port of the junction, not the last terminal of the branch before', () => {
    expect(told('faulty_segment', reading({}), reading({ 1005: [1, 0, 0, 0] }))).toBe(
      'between port C of Term 2 and port A of Term 5',
    );
    expect(told('faulty_segment', reading({}), reading({ 1002: [0, 0, 0, 2] }))).toBe(
      'between port D of Term 2 and port A of Box 3, on the way back',
    );
  });

  it('is where a link was lost when nothing is wrong with what still came', () => {
    const lost = reading({}, { 1002: [0, 0, 1, 0] });
    expect(told('first_faulty_slave', reading({}), lost)).toBe(1002);
    expect(told('first_faulty_port', reading({}), lost)).toBe(3);
    expect(told('faulty_segment', reading({}), lost)).toBe(
      'between port C of Term 2 and port A of Term 5, link lost',
    );
  });

  it('is no link that a slave counts which did not answer before, or does not now', () => {
    const away = reading({});
    away[away.length - 2] = 0;
    const back = reading({}, { 1005: [3, 0, 0, 0] });
    expect(told('first_faulty_slave', away, back)).toBe(0);
    expect(told('first_faulty_slave', back, away)).toBe(0);
  });

  it('counts lost links per second, of one slave and of all', () => {
    const answers = (...links: number[]) => reading({}, { 1002: [0, 0, links[0] ?? 0, 0] });
    const from = answers().length - 16 * wired.length;
    const all = new Derivation(sources('lost_link_rate'));
    all.next({ at: 0, bytes: answers(0).subarray(from) });
    expect(all.next({ at: 2, bytes: answers(5).subarray(from) })).toBe(2.5);
    const junction = bus?.children[0]?.children[0];
    expect(junction?.name).toBe('Term 2');
    const own = derivedOf('lost_link_rate', junction?.attributes);
    expect(own.inputs.map(({ group, every }) => [group, every])).toEqual([[0x2c, 10]]);
    const port = junction?.attributes.find(({ name }) => name === 'lost_link_port_c');
    expect(port?.source).toMatchObject({ kind: 'region', byte: 12 });
  });

  it('says of each slave what it is plugged into', () => {
    const term5 = bus?.children.find(({ name }) => name === 'Term 5');
    const values = ['parent_slave', 'parent_address', 'parent_port'].map((name) => {
      const source = term5?.attributes.find((each) => each.name === name)?.source;
      return source?.kind === 'constant' ? source.value : undefined;
    });
    expect(values).toEqual(['Term 2', 1002, 2]);
  });
});

describe('the health of a bus', () => {
  const states = Uint8Array.of(0x08, 0, 0x14, 0, 0x08, 0x24);

  it('counts and names slaves that are not in OP', () => {
    expect(values('slaves_not_op', states)).toEqual([1]);
    expect(values('state_faults', states)).toEqual(['Term 2 (EL1004): SAFEOP, error']);
  });

  it('counts and names links that are not good', () => {
    expect(values('links_not_good', states)).toEqual([1]);
    expect(values('link_faults', states)).toEqual(['Term 3 (EL3104): missing link, port B']);
  });

  it('is good when nothing is wrong', () => {
    const good = Uint8Array.of(8, 0, 8, 0, 8, 0);
    expect(values('link_faults', good)).toEqual(['good']);
    expect(values('state_faults', good)).toEqual(['good']);
    expect(values('wc_state_health', Uint8Array.of(0, 0))).toEqual(['good']);
  });

  it('names slaves whose working counter is wrong', () => {
    expect(values('wc_state_faults', Uint8Array.of(0, 1))).toEqual([1]);
    expect(values('wc_state_health', Uint8Array.of(0, 1))).toEqual(['Term 3 (EL3104)']);
  });

  it('fits its texts, whatever happened, and says how many are left out', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      slave('EL1004', `Term ${i} (EL1004)`, 1001 + i),
    );
    const big = buildTree({ ...plant([]), devices: [device(many)] }, known());
    const source = derivedOf('link_faults', big.tree.children[0]?.attributes);
    const bytes = new Uint8Array(600).fill(1);
    const told = String(new Derivation(source).next({ at: 0, bytes }));
    expect(told.length).toBeLessThanOrEqual(255);
    expect(told).toMatch(/^Term 0 \(EL1004\): not present; .*; and \d+ more$/);
  });

  it('of a bus without slaves has nothing to tell', () => {
    const empty = buildTree(plant([]), known()).tree.children[0];
    expect(empty?.attributes.map(({ name }) => name)).not.toContain('slaves_not_op');
  });
});
