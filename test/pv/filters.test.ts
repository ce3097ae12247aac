import { describe, expect, it } from 'vitest';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory, EventMask, type PvField, type PvValue } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';

const VALUE_LOG = EventMask.value | EventMask.log;

function server() {
  const table = new RecordTable(new ProcessImage());
  table.add({ name: 'SR{BPM:1}X-I', type: 'ao', role: 'soft', initial: 2 });
  table.add({ name: 'A', type: 'ao', role: 'soft', initial: 2, fields: { DESC: 'abcdef' } });
  table.add({ name: 'T', type: 'stringout', role: 'soft', initial: '12.5 mm' });
  const row = { FTVL: 'LONG', NELM: 10 };
  table.add({ name: 'W', type: 'waveform', role: 'soft', fields: row });
  const directory = new Directory(table);
  put(directory, 'W', Int32Array.of(10, 11, 12, 13, 14, 15));
  return directory;
}

function put(directory: Directory, name: string, value: PvValue): void {
  const origin = { user: 'test', host: 'test' };
  directory.find(name)?.put(value, origin, new AbortController().signal);
}

function found(directory: Directory, name: string): PvField {
  const field = directory.find(name);
  if (!field) throw new Error(`${name} is no channel`);
  return field;
}

/** What a monitor of the channel hears when A takes these values. */
function heard(directory: Directory, name: string, values: readonly number[], mask = VALUE_LOG) {
  const { filter } = found(directory, name);
  return values.flatMap((value) => {
    put(directory, 'A', value);
    const log = filter?.eventLog(mask);
    return log === undefined ? [] : [log.value];
  });
}

describe('a channel name', () => {
  it('may have brackets and braces in the record, as some facilities have', () => {
    const directory = server();
    expect(found(directory, 'SR{BPM:1}X-I').read()).toBe(2);
    expect(found(directory, 'SR{BPM:1}X-I.VAL{dec:{n:2}}').filter).toBeDefined();
  });

  it('may be an alias, also with modifiers; NAME is the record', () => {
    const table = new RecordTable(new ProcessImage());
    const slot = table.add({ name: 'A', type: 'ao', role: 'soft', initial: 2 });
    table.addAlias(slot, 'ALSO:A');
    const directory = new Directory(table);
    expect(directory.has('ALSO:A.EGU')).toBe(true);
    expect(found(directory, 'ALSO:A.NAME').read()).toBe('A');
    expect(found(directory, 'ALSO:A.{dec:{n:2}}').record).toBe('A');
  });

  it('without modifiers has no filter', () => {
    expect(found(server(), 'A.VAL').filter).toBeUndefined();
  });
});

describe('a range', () => {
  it.each([
    ['W.[2]', 1, [12]],
    ['W.[1:3]', 3, [11, 12, 13]],
    ['W.[1:2:5]', 3, [11, 13, 15]],
    ['W.[-2:]', 2, [14, 15]],
    ['W.[:]', 10, [10, 11, 12, 13, 14, 15]],
    ['W.[:2:]', 5, [10, 12, 14]],
    ['W.[5:2]', 0, []],
    ['W.[ 0x2:010]', 7, [12, 13, 14, 15]],
    ['W.VAL[8:9]', 2, []],
    ['W.{"arr":{"s":1,"i":2}}', 5, [11, 13, 15]],
    ['W.{arr:{s:-3,e:-1}}', 3, [13, 14, 15]],
    ['W.{arr:{s:"1",e:"0x3"}}', 3, [11, 12, 13]],
    ['W.{arr:{s:1.7}}', 9, [11, 12, 13, 14, 15]],
    ['W.{arr:{i:0}}', 10, [10, 11, 12, 13, 14, 15]],
    ['W.[1:3]{arr:{s:1}}', 2, [12, 13]],
  ])('%s has up to %i elements, now %j', (name, maxCount, elements) => {
    const field = found(server(), name);
    expect(field.maxCount).toBe(maxCount);
    expect([...(field.read() as Int32Array)]).toEqual(elements);
  });

  it('of a scalar is the scalar', () => {
    expect(found(server(), 'A.[2:3]').read()).toBe(2);
  });

  it('of a long string is a part of its characters', () => {
    expect(found(server(), 'A.DESC$[1:3]').read()).toEqual(Uint8Array.from(Buffer.from('bcd')));
  });

  it('is for reading: puts go to the whole field', () => {
    const directory = server();
    put(directory, 'W.[2]', Int32Array.of(1, 2, 3));
    expect(found(directory, 'W').read()).toEqual(Int32Array.of(1, 2, 3));
  });
});

describe('a dead-band', () => {
  it('passes what is further from the last that passed', () => {
    const values = [2, 3, 4, 5, 6, 95, 96, 4];
    expect(heard(server(), 'A.{dbnd:{d:1.5}}', values)).toEqual([2, 4, 6, 95, 4]);
    expect(heard(server(), 'A.{dbnd:{abs:1.5}}', values, EventMask.log)).toEqual([2, 4, 6, 95, 4]);
  });

  it('can be a percentage of the last that passed', () => {
    const values = [4, 4.2, 4.5, 5, 5.5, 6];
    expect(heard(server(), 'A.{dbnd:{rel:10}}', values)).toEqual([4, 4.5, 5, 6]);
    expect(heard(server(), 'A.{dbnd:{m:"rel",d:"10"}}', values)).toEqual([4, 4.5, 5, 6]);
  });

  it('passes alarms and properties, and steps to and from NaN', () => {
    const directory = server();
    expect(heard(directory, 'A.{dbnd:{d:9}}', [1, 2], EventMask.alarm)).toEqual([1, 2]);
    const nan = heard(directory, 'A.{dbnd:{d:9}}', [1, Number.NaN, Number.NaN, 1, 2], 1);
    expect(nan).toEqual([1, Number.NaN, 1]);
  });

  it('reads a number in a text, and passes rows', () => {
    const directory = server();
    const text = found(directory, 'T.{dbnd:{d:1}}').filter;
    expect(text?.eventLog(1)?.value).toBe('12.5 mm');
    put(directory, 'T', '13 mm');
    expect(text?.eventLog(1)).toBeUndefined();
    const row = found(directory, 'W.{dbnd:{d:1}}').filter;
    expect([row?.eventLog(1), row?.eventLog(1)]).not.toContain(undefined);
  });
});

describe('decimation', () => {
  it('passes the first of every n events, and every property event', () => {
    const directory = server();
    expect(heard(directory, 'A.{dec:{n:3}}', [1, 2, 3, 4, 5, 6, 7])).toEqual([1, 4, 7]);
    expect(heard(directory, 'A.{dec:{n:3}}', [1, 2], EventMask.property)).toEqual([1, 2]);
  });

  it('in a chain sees what the filter before it passed', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(heard(server(), 'A.{dec:{n:2},dbnd:{d:2}}', values)).toEqual([1, 5]);
    expect(heard(server(), 'A.{dbnd:{d:2},dec:{n:2}}', values)).toEqual([1, 7]);
    expect(heard(server(), 'A.{dec:{n:2},dec:{n:2}}', values)).toEqual([1, 5]);
  });

  it('is counted by each channel for itself', () => {
    const directory = server();
    expect(heard(directory, 'A.{dec:{n:2}}', [1])).toEqual([1]);
    expect(heard(directory, 'A.{dec:{n:2}}', [2])).toEqual([2]);
  });
});

describe('synchronisation with a state', () => {
  /** Values 1 to 6, while the state is on from 3 to 4. */
  function synchronised(mode: string, name = `A.{sync:{${mode}:"beam"}}`) {
    const directory = server();
    directory.states.create('beam');
    const { filter } = found(directory, name);
    return [1, 2, 3, 4, 5, 6].flatMap((value) => {
      directory.states.set('beam', value === 3 || value === 4);
      put(directory, 'A', value);
      return filter?.eventLog(VALUE_LOG)?.value ?? [];
    });
  }

  it.each([
    ['while', [3, 4]],
    ['unless', [1, 2, 5, 6]],
    ['first', [3]],
    ['after', [5]],
    ['before', [2]],
    ['last', [4]],
  ])('passes %s: %j', (mode, passed) => {
    expect(synchronised(mode)).toEqual(passed);
    expect(synchronised(mode, `A.{sync:{m:"${mode}",s:"beam"}}`)).toEqual(passed);
  });

  it('needs a state that exists', () => {
    expect(server().find('A.{sync:{while:"beam"}}')).toBeUndefined();
  });
});

describe('the time stamp filter', () => {
  function stamped(parameters: string) {
    const table = new RecordTable(new ProcessImage());
    const slot = table.add({ name: 'A', type: 'ao', role: 'soft', initial: 2 });
    table.columns.image.seconds[slot] = 1_164_000_000;
    table.columns.image.nanoseconds[slot] = 123_456_700;
    return found(new Directory(table), `A.{ts:{${parameters}}}`);
  }

  it.each([
    ['num:"sec"', 'ULONG', 1_164_000_000],
    ['num:"sec",epoch:"unix"', 'ULONG', 1_795_152_000],
    ['num:"nsec"', 'ULONG', 123_456_700],
    ['num:"dbl"', 'DOUBLE', 1_164_000_000.1234567],
    ['num:"ts"', 'ULONG', Uint32Array.of(1_164_000_000, 123_456_700)],
  ])('%s shows it as %s %j', (parameters, type, value) => {
    const field = stamped(parameters);
    expect([field.type, field.read()]).toEqual([type, value]);
  });

  it('spells it in local time', () => {
    const local = new Date(1_795_152_000_000);
    const hour = String(local.getHours()).padStart(2, '0');
    expect(stamped('str:"epics"').read()).toMatch(
      new RegExp(`^2026-11-2[01] ${hour}:\\d\\d:00\\.123457$`),
    );
    expect(stamped('str:"iso"').read()).toMatch(
      new RegExp(`^2026-11-2[01]T${hour}:\\d\\d:00\\.123457[+-]\\d{4}$`),
    );
  });

  it('without parameters puts now in its place', () => {
    const { filter } = stamped('');
    const log = filter?.readLog();
    const now = Date.now() / 1000 - 631_152_000;
    expect(Math.abs((log?.seconds ?? 0) - now)).toBeLessThan(60);
    expect(log?.value).toBe(2);
  });
});

describe('the user tag filter', () => {
  it('passes the first event, then those whose tag has the bits', () => {
    const tagged = (parameters: string) => heard(server(), `A.{utag:{${parameters}}}`, [1, 2, 3]);
    expect(tagged('M:1,V:1')).toEqual([1]);
    expect(tagged('M:1,V:0')).toEqual([1, 2, 3]);
    expect(tagged('')).toEqual([1, 2, 3]);
  });
});

describe('a filter that is not understood', () => {
  it.each([
    ...['W.[]', 'W.[a]', 'W.[1:3]x', 'W.[1:3][0]', 'W.[1:2:3:4]', 'W.[09]', 'W.$[0]'],
    ...['A.{foo:{}}', 'A.{arr:1}', 'A.{arr:{q:1}}', 'A.{constructor:{}}', 'A.{dec:{toString:1}}'],
    ...['A.{dec:{}}', 'A.{dec:{n:0}}', 'A.{dec:{n:2.0}}', 'A.{dec:{n:"2"}}', 'A.{dec:{n:null}}'],
    ...['A.{dbnd:{m:"bad"}}', 'A.{dbnd:{d:"x"}}', 'A.{ts:null}', 'A.{dec:{n:99999999999}}'],
    ...['A.{dec:{n:1}}{dec:{n:1}}', 'A.{dec:{n:1}', 'A.{ts:{num:"min"}}'],
  ])('makes %s no channel', (name) => {
    expect(server().find(name)).toBeUndefined();
  });
});
