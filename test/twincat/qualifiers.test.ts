import { describe, expect, it } from 'vitest';
import { loadTerminalDefinitions } from '../../src/config/index.ts';
import { AlarmStatus, type Attribute, type Qualifier, Severity } from '../../src/model/index.ts';
import { buildTree } from '../../src/twincat/index.ts';
import { bitEntry, entry, plant, slave } from './tree-plants.ts';

const definitions = loadTerminalDefinitions();
const box = 'Term 1 (EL3104)';
const words = Object.fromEntries(Object.entries(AlarmStatus).map(([word, n]) => [n, word]));
const grades = Object.fromEntries(Object.entries(Severity).map(([word, n]) => [n, word]));

function troubleText(trouble: Qualifier['trouble']): string {
  if (typeof trouble === 'string') return trouble;
  return 'except' in trouble ? `not ${trouble.except}` : `${trouble}`;
}

/** `attribute trouble severity/status` */
function qualifiersOf(attribute: Attribute | undefined): string[] {
  return (attribute?.qualifiers ?? []).map(
    ({ attribute: name, trouble, severity, status }) =>
      `${name} ${troubleText(trouble)} ${grades[severity]}/${words[status]}`,
  );
}

function terminal(type: string, symbols: readonly string[]) {
  const table = [
    ...symbols.map((name, i) => entry(`${box}.${name}`, { offset: 8 * i, size: 4 })),
    bitEntry(`${box}.WcState.WcState`),
  ];
  const { tree } = buildTree(plant([slave(type, box)], table), definitions);
  const attributes = tree.children[0]?.children[0]?.attributes ?? [];
  return (name: string) => attributes.find((each) => each.name === name);
}

const health = ['wcstate 1 invalid/comm', 'ecat_state not 8 invalid/comm'];

describe('a value', () => {
  const el3104 = terminal('EL3104', ['AI Standard Channel 1', 'AI Standard Channel 2']);

  it('is qualified by its slave and by the status bits of its channel', () => {
    expect(qualifiersOf(el3104('ai_standard_channel_1_value'))).toEqual([
      ...health,
      'ai_standard_channel_1_underrange 1 major/hwLimit',
      'ai_standard_channel_1_overrange 1 major/hwLimit',
      'ai_standard_channel_1_error 1 major/read',
      'ai_standard_channel_1_sync_error 1 minor/timeout',
      'ai_standard_channel_1_txpdo_state 1 invalid/read',
      'ai_standard_channel_1_txpdo_toggle standstill invalid/timeout',
    ]);
    expect(qualifiersOf(el3104('ai_standard_channel_2_value'))[2]).toContain(
      'channel_2_underrange',
    );
  });

  it('is qualified by the state that comes with its data where the server lists it', () => {
    const listed = terminal('EL3104', ['AI Standard Channel 1', 'InfoData.State']);
    expect(qualifiersOf(listed('ai_standard_channel_1_value'))[2]).toBe(
      'infodata_state not 0,8 invalid/comm',
    );
    expect(listed('infodata_state')?.qualifiers).toBeUndefined();
  });

  it('is qualified by attributes that its controller has', () => {
    for (const { attribute } of el3104('ai_standard_channel_1_value')?.qualifiers ?? []) {
      expect(el3104(attribute), attribute).toBeDefined();
    }
  });

  it('in a status word of its own, or a bit of one, is qualified by its slave alone', () => {
    expect(qualifiersOf(el3104('ai_standard_channel_1'))).toEqual(health);
    expect(qualifiersOf(el3104('ai_standard_channel_1_error'))).toEqual(health);
  });

  it('is qualified by the status word of its channel where that has a PDO of its own', () => {
    const bridge = terminal('EL3356-0010', ['RMB Value (INT32)', 'RMB Status']);
    expect(qualifiersOf(bridge('rmb_value_int32_value'))).toEqual([
      ...health,
      'rmb_status_overrange 1 major/hwLimit',
      'rmb_status_data_invalid 1 invalid/read',
      'rmb_status_error 1 major/read',
      'rmb_status_sync_error 1 minor/timeout',
      'rmb_status_txpdo_toggle standstill invalid/timeout',
    ]);
  });

  it('is qualified by the input toggle of its slave, toggles themselves by nothing', () => {
    const listed = terminal('EL3104', ['AI Standard Channel 1', 'WcState.InputToggle']);
    expect(qualifiersOf(listed('ai_standard_channel_1_value'))[2]).toBe(
      'input_toggle standstill invalid/timeout',
    );
    for (const name of ['input_toggle', 'ai_standard_channel_1_txpdo_toggle']) {
      expect(listed(name)?.toggles, name).toBe(true);
      expect(listed(name)?.qualifiers, name).toBeUndefined();
    }
    expect(listed('ai_standard_channel_1_value')?.toggles).toBeUndefined();
  });

  it('that says how its slave is has no qualifiers', () => {
    expect(el3104('ecat_state')?.qualifiers).toBeUndefined();
    expect(el3104('crc_error_sum')?.qualifiers).toBeUndefined();
  });
});
