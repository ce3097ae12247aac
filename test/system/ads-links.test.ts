import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AdsState } from '../../src/ads/index.ts';
import { loadChain, loadConfig, loadTerminalDefinitions } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import type { PvValue } from '../../src/pv/index.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { put, reads, temporaryFile } from '../support/demo-ioc.ts';
import { millisecondsUntil } from '../support/figures.ts';
import { type WatchedIoc, watchedIoc } from '../support/watched-ioc.ts';

// Records of a site (DTYP ADS) on a PLC, on raw addresses, and on CoE objects.

const chain = `
server: { name: I/O Server, version: "3.1", build: 4024 }
systemNetId: 5.1.2.3.1.1
devices:
  - id: 1
    name: Device 1 (EtherCAT)
    type: 94
    netId: 5.1.2.3.2.1
    identity: { vendor_id: 2, product_code: 3, revision_number: 4, serial_number: 0 }
    slaves:
      - { type: EK1100, name: Term 1 (EK1100), node: 1, position: 0, address: 1001 }
      - { type: EL3104, name: Term 2 (EL3104), node: 1, position: 1, address: 1002 }
      - { type: EL2024, name: Term 3 (EL2024), node: 1, position: 2, address: 1003 }
signals:
  Term 2 (EL3104).AI Standard Channel 1.Value: { constant: 1234 }
plc:
  variables:
    - { name: MAIN.nCount, type: DINT, value: 7 }
    - { name: MAIN.fPressure, type: LREAL, value: 1.5 }
    - { name: MAIN.fKept, type: LREAL }
    - { name: MAIN.bValve, type: BOOL }
    - { name: MAIN.eState, type: INT, typeName: E_State, labels: [Idle, Busy, Error], value: 1 }
    - { name: MAIN.aProfile, type: 'REAL[5]' }
    - { name: MAIN.sName, type: STRING(80), value: beamline }
    - { name: MAIN.nFixed, type: UINT, value: 9, readOnly: true }
    - { name: MAIN.nBig, type: LINT, value: 3 }
`;

const database = `
record(longin, "S:Count") { field(DTYP, "ADS") field(INP, "@plant MAIN.nCount") field(SCAN, "I/O Intr") }
record(longin, "S:CountIoc") { field(DTYP, "ADS") field(INP, "@plant MAIN.nCount TIMEBASE=IOC") field(SCAN, "I/O Intr") }
record(longin, "S:CountScanned") { field(DTYP, "ADS") field(INP, "@plant MAIN.nCount") field(SCAN, ".1 second") }
record(longin, "S:CountAsked") { field(DTYP, "ADS") field(INP, "@plant MAIN.nCount POLL") }
record(longin, "S:CountPolled") { field(DTYP, "ADS") field(INP, "@plant MAIN.nCount POLL_RATE=0.05") field(SCAN, "I/O Intr") }
record(ai, "S:Pressure") { field(DTYP, "ADS") field(INP, "@asyn(plant,0,1)ADSPORT=851/TS_MS=10/MAIN.fPressure?") field(SCAN, "I/O Intr") field(HIGH, "5") field(HSV, "MINOR") }
record(ao, "S:SetPressure") { field(DTYP, "ADS") field(OUT, "@plant MAIN.fPressure") field(PREC, "3") }
record(ao, "S:FollowPressure") { field(DTYP, "ADS") field(OUT, "@plant MAIN.fPressure") field(SCAN, "I/O Intr") }
record(ao, "S:Kept") { field(DTYP, "ADS") field(OUT, "@plant MAIN.fKept RESTORE=write") }
record(bo, "S:Valve") { field(DTYP, "ADS") field(OUT, "@plant MAIN.bValve") field(ZNAM, "Shut") field(ONAM, "Open") }
record(bi, "S:ValveRbv") { field(DTYP, "ADS") field(INP, "@plant MAIN.bValve") field(SCAN, "I/O Intr") field(ZNAM, "Shut") field(ONAM, "Open") }
record(mbbi, "S:State") { field(DTYP, "ADS") field(INP, "@plant MAIN.eState") field(SCAN, "I/O Intr") }
record(mbbo, "S:SetState") { field(DTYP, "ADS") field(OUT, "@plant MAIN.eState") }
record(waveform, "S:Profile") { field(DTYP, "ADS") field(INP, "@plant MAIN.aProfile") field(SCAN, "I/O Intr") field(FTVL, "FLOAT") field(NELM, "5") }
record(aao, "S:SetProfile") { field(DTYP, "ADS") field(OUT, "@plant MAIN.aProfile") field(FTVL, "FLOAT") field(NELM, "5") }
record(ai, "S:Element") { field(DTYP, "ADS") field(INP, "@plant MAIN.aProfile[2]") field(SCAN, "I/O Intr") }
record(lsi, "S:Name") { field(DTYP, "ADS") field(INP, "@plant MAIN.sName") field(SCAN, "I/O Intr") field(SIZV, "100") }
record(lso, "S:SetName") { field(DTYP, "ADS") field(OUT, "@plant MAIN.sName") field(SIZV, "100") }
record(waveform, "S:NameRow") { field(DTYP, "ADS") field(INP, "@plant MAIN.sName") field(SCAN, "I/O Intr") field(FTVL, "CHAR") field(NELM, "81") }
record(longout, "S:SetFixed") { field(DTYP, "ADS") field(OUT, "@plant MAIN.nFixed") }
record(int64out, "S:SetBig") { field(DTYP, "ADS") field(OUT, "@plant MAIN.nBig") }
record(longin, "S:Raw") { field(DTYP, "ADS") field(INP, "@plant P=27905 0xf030:0x2 TYPE=INT") field(SCAN, "I/O Intr") }
record(ai, "S:Image") { field(DTYP, "ADS") field(INP, "@plant P=27905 'Term 2 (EL3104).AI Standard Channel 1.Value'") field(SCAN, "I/O Intr") }
record(longin, "S:Gain") { field(DTYP, "ADS") field(INP, "@plant coe 'Term 2 (EL3104)' 0x8000:0x12 POLL_RATE=0.1") field(SCAN, "I/O Intr") }
record(longin, "S:GainOnce") { field(DTYP, "ADS") field(INP, "@plant MAIN.nCount") field(SCAN, "I/O Intr") }
record(longout, "S:SetGain") { field(DTYP, "ADS") field(OUT, "@plant coe 1002 8000:12") }
record(longout, "S:SetVendor") { field(DTYP, "ADS") field(OUT, "@plant coe 1002 800F:01") }
record(longin, "S:PlcState") { field(DTYP, "ADS") field(INP, "@plant .AMSPORTSTATE.") field(SCAN, "I/O Intr") }
record(longin, "S:Missing") { field(DTYP, "ADS") field(INP, "@plant MAIN.nMissing") field(SCAN, "I/O Intr") }
record(longin, "S:Structure") { field(DTYP, "ADS") field(INP, "@plant MAIN.aProfile") field(SCAN, "I/O Intr") }
record(longin, "S:Nobody") { field(DTYP, "ADS") field(INP, "@plant ADSPORT=852 MAIN.n") field(SCAN, "I/O Intr") }
record(longin, "S:Elsewhere") { field(DTYP, "ADS") field(INP, "@other MAIN.n") field(SCAN, "I/O Intr") }
`;

describe('records of a site on a plant', () => {
  let scope: Scope;
  let ioc: WatchedIoc;
  let plc: NonNullable<Simulator['plc']>;

  beforeEach(async () => {
    scope = new Scope();
    const chainFile = temporaryFile(scope, 'chain.yaml', chain);
    const databaseFile = temporaryFile(scope, 'site.db', database);
    ioc = await watchedIoc(
      scope,
      `
prefix: T
simulate: { chain: ${chainFile} }
plant: { timeout: 1, retry: { first: 0.05, longest: 0.2 } }
databases: [{ file: ${databaseFile} }]
notifications: { maxDelay: 0 }
poll: { period: 0.1 }
supervision: { period: 0.2 }
update: { flush: 0.01 }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`,
    );
    if (!ioc.simulator.plc) throw new Error('the chain has a PLC');
    plc = ioc.simulator.plc;
    await millisecondsUntil(() => ioc.isGood('S:Count') && ioc.isGood('S:SetPressure'));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const becomes = (name: string, value: PvValue) =>
    vi.waitFor(() => expect(ioc.read(name)).toEqual(value), { timeout: 5000, interval: 5 });
  const message = (name: string) => String(ioc.read(`${name}.AMSG`));

  it('have the values of PLC symbols, by their live types, as they change', async () => {
    expect(ioc.read('S:Count')).toBe(7);
    plc.set('MAIN.nCount', 8);
    await becomes('S:Count', 8);
    plc.set('MAIN.fPressure', 2.25);
    await becomes('S:Pressure', 2.25);
    plc.set('MAIN.fPressure', 6);
    await millisecondsUntil(() => ioc.severity('S:Pressure') === Severity.minor);
    plc.set('MAIN.bValve', 1);
    await becomes('S:ValveRbv', 1);
    plc.set('MAIN.aProfile', Float32Array.of(1, 2, 3, 4, 5));
    await becomes('S:Profile', Float32Array.of(1, 2, 3, 4, 5));
    await becomes('S:Element', 3);
    plc.set('MAIN.sName', 'undulator');
    await becomes('S:Name', 'undulator');
    await millisecondsUntil(() => {
      const row = ioc.read('S:NameRow') as Uint8Array;
      return Buffer.from(row).toString('latin1').replace(/\0.*/s, '') === 'undulator';
    });
  });

  it('are read by SCAN, at a pace, or when they process', async () => {
    plc.set('MAIN.nCount', 20);
    await becomes('S:CountScanned', 20);
    await becomes('S:CountPolled', 20);
    expect(ioc.read('S:CountAsked')).not.toBe(20);
    await put(ioc, 'S:CountAsked.PROC', 1);
    await becomes('S:CountAsked', 20);
    expect(ioc.isGood('S:CountAsked')).toBe(true);
  });

  it('have the time of the plant, or of the IOC where their link says so', async () => {
    ioc.simulator.faults.jumpClock(-3000);
    plc.set('MAIN.nCount', 30);
    await becomes('S:Count', 30);
    await becomes('S:CountIoc', 30);
    const secondsOf = (name: string) => {
      const { slot } = ioc.directory.find(name) ?? { slot: -1 };
      return ioc.directory.columns.seconds[slot] ?? 0;
    };
    plc.set('MAIN.nCount', 31);
    await becomes('S:CountIoc', 31);
    expect(Math.abs(secondsOf('S:CountIoc') - (Date.now() / 1000 - 631_152_000))).toBeLessThan(2);
  });

  it('name the states of an enumeration as the PLC does', async () => {
    expect(ioc.directory.find('S:State')?.metadata().labels).toEqual(['Idle', 'Busy', 'Error']);
    expect(ioc.read('S:State')).toBe(1);
    expect(await put(ioc, 'S:SetState', 'Error')).toEqual({ kind: 'done' });
    expect(plc.value('MAIN.eState')).toBe(2);
    await becomes('S:State', 2);
  });

  it('write, and are done when the plant has it', async () => {
    // Outputs take over what the plant says.
    expect(ioc.read('S:SetPressure')).toBe(1.5);
    expect(ioc.read('S:SetName')).toBe('beamline');
    expect(await put(ioc, 'S:SetPressure', 3.75)).toEqual({ kind: 'done' });
    expect(plc.value('MAIN.fPressure')).toBe(3.75);
    expect(await put(ioc, 'S:Valve', 'Open')).toEqual({ kind: 'done' });
    expect(plc.value('MAIN.bValve')).toBe(1);
    expect(await put(ioc, 'S:SetName', 'wiggler')).toEqual({ kind: 'done' });
    expect(plc.value('MAIN.sName')).toBe('wiggler');
    expect(await put(ioc, 'S:SetBig', 2n ** 60n)).toEqual({ kind: 'done' });
    expect(plc.value('MAIN.nBig')).toBe(2n ** 60n);
    expect(await put(ioc, 'S:SetProfile', Float32Array.of(5, 4, 3, 2, 1))).toEqual({
      kind: 'done',
    });
    expect(plc.value('MAIN.aProfile')).toEqual(Float32Array.of(5, 4, 3, 2, 1));
    await becomes('S:FollowPressure', 3.75);
  });

  it('are WRITE/INVALID when the plant refuses, until it takes one', async () => {
    expect(await put(ioc, 'S:SetFixed', 1)).toMatchObject({ kind: 'failed' });
    expect([ioc.status('S:SetFixed'), ioc.severity('S:SetFixed')]).toEqual([
      AlarmStatus.write,
      Severity.invalid,
    ]);
    await millisecondsUntil(() => ioc.isGood('S:SetVendor'));
    expect(await put(ioc, 'S:SetVendor', 1)).toMatchObject({
      kind: 'failed',
      text: expect.stringContaining('plant.coe.writable must name it'),
    });
    expect(plc.value('MAIN.nFixed')).toBe(9);
  });

  it('reach raw addresses, symbols of the process image, and CoE objects', async () => {
    await becomes('S:Raw', 1234);
    await becomes('S:Image', 1234);
    await millisecondsUntil(() => ioc.isGood('S:SetGain'));
    expect(await put(ioc, 'S:SetGain', 70_000)).toEqual({ kind: 'done' });
    await becomes('S:Gain', 70_000);
    await becomes('S:PlcState', AdsState.run);
  });

  it('are read again when an object that is read once was refused', async () => {
    await becomes('S:GainOnce', 7);
    const { faults } = ioc.simulator;
    faults.abortSdo('Term 2 (EL3104)', 0x8000, 0x12, 0x0800_0021);
    await put(ioc, 'S:GainOnce.INP', '@plant coe 1002 0x8000:0x12');
    await millisecondsUntil(() => ioc.lines.some((line) => line.startsWith('S:GainOnce: ')));
    expect(ioc.isInvalid('S:GainOnce')).toBe(true);
    faults.abortSdo('Term 2 (EL3104)', 0x8000, 0x12, 0);
    await millisecondsUntil(() => ioc.isGood('S:GainOnce'));
    expect(ioc.read('S:GainOnce')).toBe(ioc.read('S:SetGain'));
  });

  it('say what is wrong with their links', async () => {
    await millisecondsUntil(() => ioc.status('S:Missing') === AlarmStatus.link);
    expect(ioc.severity('S:Missing')).toBe(Severity.invalid);
    expect(ioc.lines.join('\n')).toContain(
      'S:Missing: there is no symbol "MAIN.nMissing" at 5.1.2.3.1.1:851',
    );
    expect(message('S:Missing')).toMatch(/^there is no symbol "MAIN.nMissing"/);
    await millisecondsUntil(() =>
      message('S:Structure').startsWith('what it names has 5 elements'),
    );
    await millisecondsUntil(() => ioc.isAway('S:Nobody'));
    expect(ioc.lines.join('\n')).toContain('is the PLC in RUN, and the AMS port right?');
    expect(ioc.lines.join('\n')).toContain(
      'S:Elsewhere has no device: "@other MAIN.n": there is no plant other; this IOC has plant',
    );
    await millisecondsUntil(() => ioc.read('T:IOC:BadLinks') === 3);
  });

  it('find a symbol that comes with a download', async () => {
    const variables = [{ name: 'MAIN.nMissing', datatype: i32(), value: 5 }];
    plc.download(variables);
    await becomes('S:Missing', 5);
    expect(ioc.isGood('S:Missing')).toBe(true);
    // What is not there any more says so.
    await millisecondsUntil(() => ioc.status('S:Count') === AlarmStatus.link);
  });

  it('never use a stale place after an online change, and nobody blinks', async () => {
    const names = ['S:Count', 'S:Pressure', 'S:ValveRbv', 'S:Profile', 'S:Name'];
    const blinks = ioc.blinks(names);
    for (let change = 1; change <= 3; change++) {
      plc.download();
      await millisecondsUntil(
        async () => (await put(ioc, 'S:SetPressure', change)).kind === 'done',
      );
      expect(plc.value('MAIN.fPressure')).toBe(change);
      await becomes('S:Pressure', change);
      plc.set('MAIN.nCount', 100 + change);
      await becomes('S:Count', 100 + change);
    }
    expect(plc.canaryTouched).toBe(0);
    expect(blinks).toEqual([]);
    // Downloads to the PLC are no reason to look at the slaves again.
    await millisecondsUntil(() => ioc.read('T:IOC:Introspections') === 1);
  });

  it('are COMM/INVALID while the PLC stands, or the plant is away, and good again after', async () => {
    plc.writeControl(AdsState.stop);
    await millisecondsUntil(() => ioc.isAway('S:Count') && ioc.isAway('S:SetPressure'));
    expect(message('S:Count')).toBe('5.1.2.3.1.1:851 is in STOP');
    await becomes('S:PlcState', AdsState.stop);
    plc.writeControl(AdsState.run);
    await millisecondsUntil(() => ioc.isGood('S:Count') && ioc.isGood('S:SetPressure'));
    const back = ioc.simulator.faults.restart(500);
    await millisecondsUntil(() => ioc.isAway('S:Count') && ioc.isAway('S:SetPressure'));
    expect(await put(ioc, 'S:SetPressure', 9)).toMatchObject({ kind: 'refused', reason: 'away' });
    expect(ioc.isInvalid('S:SetPressure')).toBe(true);
    await back;
    await millisecondsUntil(() => ioc.isGood('S:Count') && ioc.isGood('S:SetPressure'));
    // Read back, as outputs do unless they are told to write.
    expect(ioc.read('S:SetPressure')).toBe(1.5);
  });

  it('follow what they name in the process image when that moves', async () => {
    await becomes('S:Image', 1234);
    const blinks = ioc.blinks(['S:Image', 'S:Count']);
    ioc.simulator.faults.onlineChange();
    await millisecondsUntil(() => ioc.read('T:IOC:Introspections') === 2);
    plc.set('MAIN.nCount', 50);
    await becomes('S:Count', 50);
    await millisecondsUntil(() => ioc.isGood('S:Image'));
    expect(ioc.read('S:Image')).toBe(1234);
    expect(blinks).toEqual([]);
  });

  it('write their own value when the plant comes back, where their link says so', async () => {
    await put(ioc, 'S:Kept', 4.5);
    expect(plc.value('MAIN.fKept')).toBe(4.5);
    const back = ioc.simulator.faults.restart(300);
    plc.set('MAIN.fKept', 0);
    plc.set('MAIN.fPressure', 8);
    await back;
    await millisecondsUntil(() => plc.value('MAIN.fKept') === 4.5);
    await millisecondsUntil(() => ioc.isGood('S:Kept'));
    expect(ioc.read('S:Kept')).toBe(4.5);
    await becomes('S:SetPressure', 8);
  });

  it('may be led elsewhere while the IOC runs', async () => {
    await put(ioc, 'S:Missing.INP', '@plant MAIN.nCount');
    await becomes('S:Missing', 7);
    await put(ioc, 'S:Missing.INP', '@plant MAIN.nFixed');
    await becomes('S:Missing', 9);
    plc.set('MAIN.nCount', 12);
    await becomes('S:Count', 12);
    expect(ioc.read('S:Missing')).toBe(9);
  });
});

/** An IOC with the site's records, whose plant is another program. */
async function siteOf(scope: Scope, chainText: string, notificationLimit?: number) {
  const definitions = loadTerminalDefinitions();
  const served = loadChain(temporaryFile(scope, 'chain.yaml', chainText));
  const limit = notificationLimit === undefined ? {} : { notificationLimit };
  const simulator = scope.use(
    await simulate(served, definitions, { port: 0, log: silentLog, ...limit }),
  );
  const config = `
prefix: T
plant: { host: 127.0.0.1, port: ${simulator.port}, netId: 5.1.2.3.1.1 }
databases: [{ file: ${temporaryFile(scope, 'site.db', database)} }]
poll: { period: 0.1 }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
`;
  const means = { log: silentLog, env: {} };
  const file = temporaryFile(scope, 'ioc.yaml', config);
  return { simulator, ioc: scope.use(await startIoc(loadConfig(file), means, scope.signal)) };
}

it('are served by a plant whose slaves cannot be known', async () => {
  await using scope = new Scope();
  const { ioc } = await siteOf(scope, chain.replace('signals:', 'symbolPort: 27910\nsignals:'));
  await reads(ioc, 'S:Count', 7);
  expect(await put(ioc, 'S:SetPressure', 2)).toEqual({ kind: 'done' });
  expect(ioc.directory.has('T:DevCount')).toBe(false);
});

it('are polled where the PLC notifies of no more', async () => {
  await using scope = new Scope();
  const { ioc, simulator } = await siteOf(scope, chain, 1);
  await reads(ioc, 'S:Count', 7);
  simulator.plc?.set('MAIN.nCount', 8);
  simulator.plc?.set('MAIN.fPressure', 3);
  await reads(ioc, 'S:Count', 8);
  await reads(ioc, 'S:Pressure', 3);
});

function i32() {
  return { kind: 'int', bits: 32, signed: true } as const;
}
