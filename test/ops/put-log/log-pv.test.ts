import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/kernel/index.ts';
import { ProcessImage } from '../../../src/model/index.ts';
import { LogPv } from '../../../src/ops/put-log/log-pv.ts';
import { Directory } from '../../../src/pv/index.ts';
import { RecordTable } from '../../../src/records/index.ts';

const line = '09-Jul-26 03:05:07 10.0.0.7 ada BL:X new=2 old=1';

/** What a PV of a record holds after the line was written to it. */
function shown(type: 'lso' | 'waveform' | 'stringout', name = 'LOG', fields = {}): string {
  const records = new RecordTable(new ProcessImage());
  records.add({ name: 'LOG', type, role: 'soft', fields });
  const directory = new Directory(records);
  const counters = { lines: 0, dropped: 0 };
  new LogPv(directory, name, counters, silentLog).write(line);
  expect(counters.dropped).toBe(0);
  const value = directory.find('LOG')?.read();
  return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString();
}

describe('a PV that shows the put log', () => {
  it.each(['LOG', 'LOG.VAL', 'LOG.VAL$'])('may be a long string, named %s', (name) => {
    expect(shown('lso', name, { SIZV: 300 })).toBe(line);
  });

  it('may be a row of characters', () => {
    expect(shown('waveform', 'LOG', { FTVL: 'CHAR', NELM: 300 })).toBe(`${line}\0`);
    expect(shown('waveform', 'LOG', { FTVL: 'UCHAR', NELM: 20 })).toBe(`${line.slice(0, 19)}\0`);
  });

  it('may be a short text, which holds the beginning', () => {
    expect(shown('stringout')).toBe(line.slice(0, 39));
  });
});
