import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope, unixMs } from '../../src/kernel/index.ts';
import { demoIoc } from '../support/demo-ioc.ts';
import { type Libca, type LibcaChannel, libcaLoads, openLibca } from '../support/libca.ts';

const Dbr = {
  string: 0,
  enum: 3,
  double: 6,
  char: 4,
  timeDouble: 20,
  ctrlEnum: 31,
  ctrlDouble: 34,
};
const ECA_NORMAL = 1;
const deadline = { timeout: 10_000 };

// The whole way: libca → Channel Access → records → ADS → simulated terminals and back.
describe.skipIf(!process.env['CI'] && !libcaLoads())('a control room on libca', () => {
  let scope: Scope;
  let ioc: Awaited<ReturnType<typeof demoIoc>>;
  let libca: Libca;

  beforeEach(async () => {
    scope = new Scope();
    ioc = await demoIoc(scope);
    libca = scope.use(await openLibca(ioc.ca?.udpPort ?? 0));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function connect(name: string): Promise<LibcaChannel> {
    const channel = await libca.channel(name);
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    return channel;
  }

  async function enumOf(channel: LibcaChannel): Promise<number> {
    return (await channel.get(Dbr.enum)).bytes.readUInt16LE(0);
  }

  it('puts to a digital output and sees its read-back move through the plant', async () => {
    const setpoint = await connect('T:ETH1:RIO2:MOD3:Channel1');
    const readback = await connect('T:ETH1:RIO2:MOD3:Channel1_RBV');
    const wired = await connect('T:ETH1:RIO2:MOD4:Channel1');
    for (const value of [1, 0, 1]) {
      expect(await setpoint.putNotify(Dbr.enum, Buffer.from([value, 0]))).toBe(ECA_NORMAL);
      await vi.waitFor(async () => expect(await enumOf(readback)).toBe(value), deadline);
      await vi.waitFor(async () => expect(await enumOf(wired)).toBe(value), deadline);
    }
  });

  it('monitors an analogue input with the plant’s time stamp and without alarm', async () => {
    const channel = await connect('T:ETH1:RIO1:MOD2:AiStandardChannel1Value');
    const { updates } = await channel.monitor(Dbr.timeDouble);
    await vi.waitFor(() => expect(updates.length).toBeGreaterThan(5), deadline);
    const seen = updates.slice(1).map(({ bytes }) => ({
      status: bytes.readInt16LE(0),
      severity: bytes.readInt16LE(2),
      time: unixMs(bytes.readUInt32LE(4), bytes.readUInt32LE(8)),
      volts: bytes.readDoubleLE(16),
    }));
    for (const { status, severity, time, volts } of seen) {
      expect([status, severity]).toEqual([0, 0]);
      expect(Math.abs(Date.now() - time)).toBeLessThan(10_000);
      expect(Math.abs(volts)).toBeLessThanOrEqual(10);
    }
    const times = seen.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(seen.map(({ volts }) => volts)).size).toBeGreaterThan(1);
  });

  it('reads units, precision and limits of an analogue input', async () => {
    const channel = await connect('T:ETH1:RIO1:MOD2:AiStandardChannel1Value');
    const { bytes } = await channel.get(Dbr.ctrlDouble);
    expect(bytes.readInt16LE(4)).toBe(4);
    expect(bytes.toString('latin1', 8, 10)).toBe('V\0');
    expect([bytes.readDoubleLE(16), bytes.readDoubleLE(24)]).toEqual([10, -10]);
  });

  it('writes volts to an analogue output and reads them at the input that is wired to it', async () => {
    const output = await connect('T:ETH1:RIO2:MOD2:AoOutCh1AnalogOut');
    const input = await connect('T:ETH1:RIO2:MOD1:AiStandardChannel1Value');
    const volts = Buffer.alloc(8);
    volts.writeDoubleLE(3.3);
    expect(await output.putNotify(Dbr.double, volts)).toBe(ECA_NORMAL);
    await vi.waitFor(async () => {
      expect((await input.get(Dbr.double)).bytes.readDoubleLE(0)).toBeCloseTo(3.3, 3);
    }, deadline);
  });

  it('finds the PVs of a terminal that is plugged in while it searches', async () => {
    await connect('T:ETH1:RIO2:MOD14:Type');
    const channel = await libca.channel('T:ETH1:RIO2:MOD15:Channel1');
    ioc.simulator.faults.addSlave(1, 'EL1014');
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    expect(await enumOf(channel)).toBeLessThan(2);
  });

  it('reads fields and long texts by name', async () => {
    const name = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
    const text = async (field: string) => {
      const { bytes } = await (await connect(`${name}.${field}`)).get(Dbr.string);
      return bytes.toString('latin1').replace(/\0.*/s, '');
    };
    expect(await text('EGU')).toBe('V');
    expect(await text('RTYP')).toBe('ai');
    expect(await text('DESC')).toBe('AI Standard Channel 1.Value');
    expect(await text('SEVR')).toBe('NO_ALARM');
    expect(await text('TIME')).toMatch(/^\d{4}-\d\d-\d\dT/);
    const long = await connect('T:ETH1:RIO1:MOD2:Function.$');
    const { bytes } = await long.get(Dbr.char, 0);
    expect(bytes.toString('latin1')).toBe('4-channel Analog Input +/-10V 16-bit\0');
  });
});
