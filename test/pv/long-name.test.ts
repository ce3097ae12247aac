import { describe, expect, it } from 'vitest';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';

describe('a PV name of more than 60 characters', () => {
  const name = `BL01I-EA-CATIO-01:ETH1:RIO2:MOD13:${'EnableVendorCalibration'.repeat(3)}Idx8010`;

  it('is served, where CATio drops it without a word', () => {
    const records = new RecordTable(new ProcessImage());
    const directory = new Directory(records);
    records.add({ name, type: 'longin', role: 'soft', initial: 7 });
    expect(directory.find(name)?.read()).toBe(7);
    expect(directory.find(`${name}.NAME`)?.read()).toBe(name);
  });

  it('is cut to the 60 characters and NUL that NAME$ has room for', () => {
    const records = new RecordTable(new ProcessImage());
    records.add({ name, type: 'longin', role: 'soft' });
    const long = new Directory(records).find(`${name}.NAME$`);
    expect(long?.maxCount).toBe(61);
    expect(Buffer.from(long?.read() as Uint8Array).toString()).toBe(`${name.slice(0, 60)}\0`);
  });

  it('ends at 500, which is what libca takes', () => {
    const records = new RecordTable(new ProcessImage());
    expect(() => records.add({ name: 'N'.repeat(501), type: 'ai', role: 'soft' })).toThrow('500');
  });
});
