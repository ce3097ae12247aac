import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IocError } from '../../../src/kernel/index.ts';
import { arrayOf, f32, f64, i16, text, u16 } from '../../../src/model/index.ts';
import { parseAdsLink } from '../../../src/pipeline/links/parse-ads-link.ts';

const usual = { server: 'plc', port: 851, timeBase: 'plant', notification: {} };
const symbol = (name: string) => ({ kind: 'symbol', name });

describe('an address of DTYP ADS', () => {
  it.each([
    ['plc MAIN.fbPump.eState', { item: symbol('MAIN.fbPump.eState') }],
    ['plc ADSPORT=852 MAIN.a[3]', { port: 852, item: symbol('MAIN.a[3]') }],
    [
      "plc P=27905 'Term 5 (EL3104).AI Standard Channel 1.Value'",
      { port: 27905, item: symbol('Term 5 (EL3104).AI Standard Channel 1.Value') },
    ],
    [
      'plc MAIN.n TS_MS=100 T_DLY_MS=500 CYCLIC TIMEBASE=IOC',
      {
        item: symbol('MAIN.n'),
        timeBase: 'ioc',
        notification: { mode: 'cyclic', cycle: 0.1, maxDelay: 0.5 },
      },
    ],
    ['plc MAIN.n POLL_RATE=0.5', { item: symbol('MAIN.n'), poll: 0.5 }],
    ['plc MAIN.n POLL', { item: symbol('MAIN.n'), poll: 'scan' }],
    ['plc MAIN.n RESTORE=write', { item: symbol('MAIN.n'), restore: 'write' }],
    [
      'plc 0x4020:0x10 TYPE=INT',
      { item: { kind: 'raw', group: 0x4020, offset: 0x10 }, datatype: i16 },
    ],
    [
      'plc TYPE=REAL N=100 16#4020:256',
      { item: { kind: 'raw', group: 0x4020, offset: 256 }, datatype: arrayOf(f32, 100) },
    ],
    [
      "plc coe 'Term 5 (EL3104)' 0x8000:0x12",
      { item: { kind: 'coe', slave: 'Term 5 (EL3104)', index: 0x8000, subindex: 0x12 } },
    ],
    [
      'plc COE 1006 8000:12 TYPE=UINT',
      { item: { kind: 'coe', slave: 1006, index: 0x8000, subindex: 0x12 }, datatype: u16 },
    ],
    ['plc ADSPORT=852 .AMSPORTSTATE.', { port: 852, item: { kind: 'state' } }],
  ])('@%s', (address, expected) => {
    expect(parseAdsLink(address)).toEqual({ ...usual, ...expected });
  });

  it.each([
    [
      'asyn(plc,0,1)ADSPORT=852/TS_MS=1000/T_DLY_MS=100/TIMEBASE=EPICS/Main.fTest?',
      {
        port: 852,
        item: symbol('Main.fTest'),
        timeBase: 'ioc',
        notification: { cycle: 1, maxDelay: 0.1 },
      },
    ],
    ['asyn(plc,0,1)Main.bOut=', { item: symbol('Main.bOut') }],
    ['asyn(plc,0,1)ADSPORT=851/POLL_RATE=2/Main.n?', { item: symbol('Main.n'), poll: 2 }],
    [
      'asyn(plc,0,1)ADSPORT=501/.ADR.16#5001,16#B,2,2?',
      { port: 501, item: { kind: 'raw', group: 0x5001, offset: 0xb }, datatype: i16 },
    ],
    [
      'asyn(plc 0 0) REAL[] N=10 W P=IO V=Main.SetCalibration',
      {
        port: 300,
        item: symbol('Main.SetCalibration'),
        datatype: arrayOf(f32, 10),
        direction: 'output',
      },
    ],
    [
      'asyn(plc 0 0) STRING N=9 R P=PLC_TC3 V=Test.s',
      { item: symbol('Test.s'), datatype: text(10), direction: 'input' },
    ],
    [
      'asyn(plc 0 0) LREAL R P=350 V=Main.f',
      { port: 350, item: symbol('Main.f'), datatype: f64, direction: 'input' },
    ],
  ])('of another driver: @%s', (address, expected) => {
    expect(parseAdsLink(address)).toEqual({ ...usual, ...expected });
  });

  it.each([
    ['', 'it begins with the name of a plant, then a blank'],
    ['plc', 'it names nothing: give a symbol, group:offset, or coe …'],
    ['plc MAIN.a MAIN.b', "it names two things; a name with blanks needs quotes: '…'"],
    ["plc 'MAIN.a", 'a quote is not closed'],
    ['plc 0x4020:0', 'what lies at an offset nobody tells: add TYPE='],
    ['plc 0x4020:0x1ffffffff TYPE=INT', '"0x1ffffffff" is no number of 32 bits'],
    ['plc MAIN.a TYPE=INTEGER', 'INTEGER is no type: use BOOL, BIT, SINT'],
    ['plc MAIN.a SAMPLE=1', 'there is no option SAMPLE; there are ADSPORT, V, TYPE'],
    ['plc MAIN.a ADSPORT=PLC9', '"PLC9" is no AMS port: use a number or LOGGER'],
    ['plc MAIN.a TS_MS=fast', 'TS_MS=fast must be a number, 0 or more'],
    ['plc MAIN.a POLL_RATE=0', 'POLL_RATE=0 must be a number above 0'],
    ['plc MAIN.a TYPE=LREAL N=1e9', '8000000000 bytes are more than the 4194304'],
    ['plc MAIN.a TYPE=INT N=0', 'N=0 must be a number, 1 or more'],
    ['plc MAIN.a MODE=often', 'MODE=often must be on-change or cyclic'],
    ['plc coe 1006', 'coe takes a slave and index:subindex: coe 1006 0x8000:0x12'],
    ['plc coe 1006 0x8000', '"0x8000" is no index:subindex in hexadecimal'],
    ['plc .ADR.16#4020', '.ADR. takes group,offset,bytes,type'],
  ])('@%s is a mistake: %s', (address, why) => {
    expect(() => parseAdsLink(address)).toThrow(`"@${address}" is no address of DTYP ADS: ${why}`);
  });

  it('is a link or a mistake, whatever it says', () => {
    const words = fc.constantFrom(
      ...['plc', 'coe', '1006', '0x8000:0x12', "'Term 5'", 'TYPE=INT', 'N=3', 'POLL', 'MAIN.x?'],
      ...['asyn(plc,0,1)', '/', "'", '=', ':', '.ADR.', 'P=', 'STRING', 'INT[]', '16#', 'R'],
    );
    const address = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 8 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(address, (given) => {
        try {
          expect(parseAdsLink(given).item).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(IocError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
