import { describe, expect, it, vi } from 'vitest';
import {
  AdsState,
  dataTypeEntry,
  read,
  readState,
  readWrite,
  symbolEntry,
  write,
} from '../../src/ads/index.ts';
import { cp1252Bytes, decoded } from '../../src/kernel/index.ts';
import { arrayOf, f32, f64, i16, type PlcProgram, text } from '../../src/model/index.ts';
import { at, bytes, hex, type Peer } from './support/peer.ts';
import { chain, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const plc = at(SYSTEM, 851);

const program: PlcProgram = {
  port: 851,
  variables: [
    { name: 'MAIN.nCount', datatype: i16, value: 7 },
    { name: 'MAIN.fSetpoint', datatype: f64, value: 1.5 },
    { name: 'MAIN.aProfile', datatype: arrayOf(f32, 4) },
    { name: 'MAIN.sText', datatype: text(21), value: 'ready', readOnly: true },
    {
      name: 'MAIN.eState',
      ...{ datatype: i16, typeName: 'E_State' },
      labels: [
        { value: 0, label: 'Idle' },
        { value: 1, label: 'Busy' },
      ],
    },
  ],
};

const served = () => serve({ ...chain, plc: program });

async function exchange(peer: Peer, group: number, name: string, readLength = 1000) {
  const request = { group, offset: 0, readLength, bytes: cp1252Bytes(`${name}\0`) };
  return peer.ask(plc, readWrite, request);
}

async function handleOf(peer: Peer, name: string): Promise<number> {
  const { bytes: answer } = await exchange(peer, 0xf003, name, 4);
  return Buffer.from(answer).readUInt32LE(0);
}

describe('a simulated PLC', () => {
  it('lists its variables, and tells of one by its name', async () => {
    await using setup = await served();
    const { bytes: info } = await exchange(setup.peer, 0xf009, 'MAIN.aOther');
    expect(info).toHaveLength(0);
    const { bytes: entry } = await exchange(setup.peer, 0xf009, 'main.aprofile');
    expect(decoded(symbolEntry, entry, 'symbol')).toMatchObject({
      name: 'MAIN.aProfile',
      typeName: 'ARRAY [0..3] OF REAL',
      group: 0x4040,
      size: 16,
      arrayDimensions: [{ lowerBound: 0, length: 4 }],
    });
    const { bytes: uploaded } = await setup.peer.ask(plc, read, {
      ...{ group: 0xf00b, offset: 0, length: 10_000 },
    });
    expect(Buffer.from(uploaded).toString('latin1')).toContain('MAIN.fSetpoint');
  });

  it('tells the names of an enumeration by the name of its type', async () => {
    await using setup = await served();
    const { bytes: entry } = await exchange(setup.peer, 0xf011, 'E_State');
    expect(decoded(dataTypeEntry, entry, 'type').enumMembers).toEqual([
      { name: 'Idle', value: 0n },
      { name: 'Busy', value: 1n },
    ]);
    expect((await exchange(setup.peer, 0xf011, 'E_Other')).result).toBe(0x710);
  });

  it('is read, written and watched by handle', async () => {
    await using setup = await served();
    const { peer, simulator } = setup;
    const offset = await handleOf(peer, 'MAIN.nCount');
    const place = { group: 0xf005, offset, length: 2 };
    expect(hex((await peer.ask(plc, read, place)).bytes)).toBe('07 00');
    expect((await peer.ask(plc, write, { ...place, bytes: bytes('2a 00') })).result).toBe(0);
    expect(simulator.plc?.value('MAIN.nCount')).toBe(42);
    await peer.notify(plc, place);
    await vi.waitFor(() => expect(peer.samples.map((sample) => sample.hex)).toEqual(['2a 00']));
    simulator.plc?.set('MAIN.nCount', 43);
    setup.clock.advance(20);
    await vi.waitFor(() => expect(peer.samples.at(-1)?.hex).toBe('2b 00'));
    const fixed = { group: 0xf005, offset: await handleOf(peer, 'MAIN.sText') };
    expect((await peer.ask(plc, write, { ...fixed, bytes: bytes('00') })).result).toBe(0x704);
  });

  it('refuses handles from before a download, and shows writes through old places', async () => {
    await using setup = await served();
    const { peer, simulator } = setup;
    const old = { group: 0xf005, offset: await handleOf(peer, 'MAIN.nCount'), length: 2 };
    await peer.notify(plc, old);
    simulator.plc?.set('MAIN.fSetpoint', 3);
    simulator.plc?.download();
    setup.clock.advance(20);
    await vi.waitFor(() => expect(peer.samples.at(-1)?.hex).toBe(''));
    expect((await peer.ask(plc, read, old)).result).toBe(0x711);
    expect(simulator.plc?.value('MAIN.fSetpoint')).toBe(3);
    const stale = { group: 0x4040, offset: 0, bytes: bytes('11 22') };
    expect((await peer.ask(plc, write, stale)).result).toBe(0);
    expect(simulator.plc?.canaryTouched).toBe(2);
    const version = { group: 0xf008, offset: 0, length: 1 };
    expect(hex((await peer.ask(plc, read, version)).bytes)).toBe('02');
    await setup.simulator.faults.restart();
    const again = await setup.connect();
    expect((await again.ask(plc, read, old)).result).toBe(0x710);
  });

  it('is in STOP when told, and not there in CONFIG', async () => {
    await using setup = await served();
    setup.simulator.plc?.writeControl(AdsState.stop);
    expect((await setup.peer.ask(plc, readState, undefined)).adsState).toBe(AdsState.stop);
    setup.simulator.faults.enterConfig();
    expect((await setup.peer.exchange(plc, 4, bytes(''))).header.errorCode).toBe(6);
  });
});
