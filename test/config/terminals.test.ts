import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadTerminalDefinitions, shippedTerminals } from '../../src/config/index.ts';
import {
  AlarmStatus,
  arrayOf,
  bool,
  f32,
  i16,
  i32,
  int,
  Severity,
  u16,
} from '../../src/model/index.ts';

const shipped = loadTerminalDefinitions();
const root = mkdtempSync(join(tmpdir(), 'terminals-'));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the shipped terminal types', () => {
  it('are the 36 of CATio', () => expect(shipped.size).toBe(36));

  it('know each terminal by its identity', () => {
    expect(shipped.get('EL3104')?.identity).toEqual({
      vendor: 2,
      product: 0x0c203052,
      revision: 0x00100000,
    });
    const identities = [...shipped.values()].map(({ identity }) => JSON.stringify(identity));
    expect(new Set(identities).size).toBe(36);
  });

  it('take analogue values as signed, in engineering units', () => {
    const value = row('EL3104', 'AI Standard Channel {channel}.Value');
    expect(value).toMatchObject({ datatype: i16, unit: 'V', channels: [1, 2, 3, 4] });
    expect(scaled(value, 32767)).toBeCloseTo(10, 12);
    expect(scaled(value, -16384)).toBeCloseTo(-5.0001526, 6);
    const fine = row('EL3602', 'AI Inputs Channel {channel}.Value');
    expect(fine.datatype).toEqual(i32);
    expect(scaled(fine, 0x7fffff)).toBeCloseTo(10, 12);
    const current = row('EL3124', 'AI Standard Channel {channel}.Value');
    expect(scaled(current, 0)).toBe(4);
    expect(scaled(current, 32767)).toBeCloseTo(20, 12);
    expect(scaled(row('EL3202', 'RTD Inputs Channel {channel}.Value'), 215)).toBeCloseTo(21.5, 12);
    expect(scaled(row('EL3202-0010', 'RTD Inputs Channel {channel}.Value'), 2150)).toBeCloseTo(
      21.5,
      12,
    );
  });

  it('have status bits at their true positions', () => {
    const bits = row('EL3104', 'AI Standard Channel {channel}.Status').fields.map((field) => [
      field.bit,
      field.width,
      field.name.replace('ai_standard_', ''),
    ]);
    expect(bits).toEqual([
      [0, 1, 'channel_{channel}_underrange'],
      [1, 1, 'channel_{channel}_overrange'],
      [2, 2, 'ch_{channel}_sts_limit_1'],
      [4, 2, 'ch_{channel}_sts_limit_2'],
      [6, 1, 'channel_{channel}_error'],
      [13, 1, 'channel_{channel}_sync_error'],
      [14, 1, 'channel_{channel}_txpdo_state'],
      [15, 1, 'channel_{channel}_txpdo_toggle'],
    ]);
    expect(row('EL3104', 'AI Standard Channel {channel}.Status').datatype).toEqual(u16);
  });

  it('know what their status bits mean for the values beside them', () => {
    const alarms = row('EL3104', 'AI Standard Channel {channel}.Status').fields.flatMap((field) =>
      field.alarm ? [[field.name.split('_').at(-1), field.alarm.severity, field.alarm.status]] : [],
    );
    expect(alarms).toEqual([
      ['underrange', Severity.major, AlarmStatus.hwLimit],
      ['overrange', Severity.major, AlarmStatus.hwLimit],
      ['error', Severity.major, AlarmStatus.read],
      ['error', Severity.minor, AlarmStatus.timeout],
      ['state', Severity.invalid, AlarmStatus.read],
      ['toggle', Severity.invalid, AlarmStatus.timeout],
    ]);
  });

  it('protect calibration and vendor data', () => {
    const protectedOf = (type: string) =>
      shipped.get(type)?.coe.flatMap((each) => (each.protected ? [each.index.toString(16)] : []));
    expect(protectedOf('EL3104')).toEqual([
      '800e',
      '801e',
      '802e',
      '803e',
      '800f',
      '801f',
      '802f',
      '803f',
    ]);
  });

  it('take digital inputs and outputs alike as two states', () => {
    expect(row('EL1014', 'Channel {channel}')).toMatchObject({ datatype: bool, access: 'r' });
    expect(row('EL2024', 'Channel {channel}')).toMatchObject({ datatype: bool, access: 'rw' });
  });

  it('keep the inputs and outputs of EP2338-0002 apart', () => {
    const names = shipped
      .get('EP2338-0002')
      ?.symbols.map(({ name, access }) => `${name} ${access}`);
    expect(names).toEqual(['channel_{channel}_input r', 'channel_{channel} rw']);
  });

  it('number the analogue outputs of EP4374-0002 as 3 and 4', () => {
    expect(row('EP4374-0002', 'AO RxPDO-Map Channel {channel}.Analog output').channels).toEqual([
      3, 4,
    ]);
  });

  it('give every CoE subindex a name of its own', () => {
    const gains = shipped
      .get('EL3602')
      ?.coe.find(({ index }) => index === 0x801f)
      ?.entries.map(({ name }) => name);
    expect(gains).toContain('calibration_gain_10_v_idx801f');
    expect(gains).toContain('calibration_gain_neg_10_v_idx801f');
    expect(new Set(gains).size).toBe(9);
  });

  it('give the untyped subindices of ELM3704 the size that their object has', () => {
    const scaler = shipped.get('ELM3704-0000')?.coe.find(({ index }) => index === 0x8036);
    expect(scaler?.entries).toHaveLength(100);
    expect(scaler?.entries[99]).toMatchObject({
      name: 'subindex_100_idx8036',
      subindex: 100,
      datatype: f32,
      access: 'r',
    });
    expect(row('ELM3704-0000', 'PAI Samples16 50 Channel {channel}.Samples')).toMatchObject({
      datatype: arrayOf(i16, 50),
      selected: true,
    });
  });

  it('keep defaults as the bytes that the terminal answers', () => {
    const settings = shipped.get('EL3602')?.coe[0]?.entries ?? [];
    const of = (name: string) => settings.find((entry) => entry.name === name)?.default;
    expect(of('user_scale_gain_idx8000')).toBe('00000100');
    expect(of('enable_vendor_calibration_idx8000')).toBe('01');
    expect(settings.find(({ subindex }) => subindex === 2)?.datatype).toEqual(int(3, false));
  });
});

describe('loadTerminalDefinitions', () => {
  it('lets a later folder override a type', () => {
    write('mine.yaml', terminal('EL3104', '{ symbol: X, attribute: x, type: REAL }'));
    const definitions = loadTerminalDefinitions([shippedTerminals, folder]);
    expect(definitions.size).toBe(36);
    expect(definitions.get('EL3104')?.symbols.map(({ name }) => name)).toEqual(['x']);
  });

  it('tells the mistakes of all files at once', () => {
    write('a.yaml', terminal('A', '{ symbol: X, attribute: X, type: REAL }'));
    write('b.yaml', terminal('B', '{ symbol: X, attribute: x, type: FLOAT }'));
    expect(problems().map((line) => line.replace(folder, ''))).toEqual([
      expect.stringMatching(/^\/a\.yaml:6:29: symbols\[0\]\.attribute: must be lower-case words/),
      expect.stringMatching(
        /^\/b\.yaml:6:38: symbols\[0\]\.type: "FLOAT" is not a datatype; use BOOL/,
      ),
    ]);
  });

  it('lets a file say what a bit means, that it means nothing, and what is protected', () => {
    const fields = `[
      { bits: 0, name: Tilt, alarm: { severity: major } },
      { bits: 1..2, name: Mode, alarm: { at: [2, 3], severity: minor, status: state } },
      { bits: 3, name: Error, alarm: none },
      { bits: 4, name: Data invalid },
      { bits: 5, name: Alive, alarm: { at: standstill, severity: minor, status: timeout } },
      { bits: 6, name: TxPDO Toggle }]`;
    write('a.yaml', terminal('A', `{ symbol: X, attribute: x, type: UINT, fields: ${fields} }`));
    const [x] = loadTerminalDefinitions([folder]).get('A')?.symbols ?? [];
    expect(x?.fields.map(({ alarm }) => alarm)).toEqual([
      { trouble: [1], severity: Severity.major, status: AlarmStatus.read },
      { trouble: [2, 3], severity: Severity.minor, status: AlarmStatus.state },
      undefined,
      { trouble: [1], severity: Severity.invalid, status: AlarmStatus.read },
      { trouble: 'standstill', severity: Severity.minor, status: AlarmStatus.timeout },
      { trouble: 'standstill', severity: Severity.invalid, status: AlarmStatus.timeout },
    ]);
  });

  it('takes bits of a control word for wishes', () => {
    const fields = '[{ bits: 0, name: Error }]';
    write(
      'a.yaml',
      terminal('A', `{ symbol: X, attribute: x, type: UINT, access: rw, fields: ${fields} }`),
    );
    const [x] = loadTerminalDefinitions([folder]).get('A')?.symbols ?? [];
    expect(x?.fields[0]?.alarm).toBeUndefined();
  });

  it('refuses a type that one folder defines twice', () => {
    write('a.yaml', terminal('A', '{ symbol: X, attribute: x, type: REAL }'));
    write('b.yaml', terminal('A', '{ symbol: X, attribute: x, type: REAL }'));
    expect(problems().join()).toMatch(/b\.yaml:1:1: type A is defined in .*a\.yaml too; keep one/);
  });

  it('names a folder that is not there', () => {
    expect(() => loadTerminalDefinitions([join(folder, 'none')])).toThrow(
      /none:1:1: folder of terminal types cannot be read/,
    );
  });

  it.each([
    ['{ symbol: X, attribute: x, type: INT, channels: 2 }', 'must hold {channel}'],
    ['{ symbol: "X{channel}", attribute: "x_{channel}", type: INT }', 'add the key channels'],
    [
      '{ symbol: X, attribute: x, type: UINT, fields: [{ bits: 15..16, name: f }] }',
      'beyond the 16 bits',
    ],
    ['{ symbol: X, attribute: x, type: REAL, fields: [{ bits: 1, name: f }] }', 'no integer'],
    ['{ symbol: X, attribute: x, type: UINT, fields: [{ bits: 1..8, name: f }] }', 'whole byte'],
    [
      '{ symbol: X, attribute: x, type: INT, scale: { raw: [1, 1], value: [0, 10] } }',
      'must differ',
    ],
    ['{ symbol: X, attribute: x, type: INT, scale: { raw: [0, 1] } }', 'must be a factor, { raw'],
    [
      '{ symbol: X, attribute: x, type: INT, colour: red }',
      'unknown key "colour"; known here: symbol, attribute',
    ],
    [
      '{ symbol: X, attribute: x, type: INT }\n  - { symbol: Y, attribute: x, type: INT }',
      'comes to the attribute x, as symbols.0 does',
    ],
  ])('refuses %s', (text, expected) => {
    write('a.yaml', terminal('A', text));
    expect(problems().join('\n')).toContain(expected);
  });
});

function row(type: string, symbol: string) {
  const found = shipped.get(type)?.symbols.find((each) => each.symbol === symbol);
  if (!found) throw new Error(`${type} has no row ${symbol}`);
  return found;
}

function scaled({ scale }: ReturnType<typeof row>, raw: number): number {
  return raw * (scale?.slope ?? 1) + (scale?.offset ?? 0);
}

function terminal(type: string, symbol: string): string {
  return [
    `type: ${type}`,
    'description: a test',
    'group: AnaIn',
    'identity: { vendor: 2, product: 1, revision: 1 }',
    'symbols:',
    `  - ${symbol}`,
  ].join('\n');
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function problems(): string[] {
  try {
    loadTerminalDefinitions([folder]);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}
