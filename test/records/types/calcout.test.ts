import { describe, expect, it } from 'vitest';
import type { RemoteLinks, RemotePv, RemoteRequest } from '../../../src/records/index.ts';
import { SoftRig } from '../soft-rig.ts';

describe('a calcout record with a delay', () => {
  const database = `record(calcout,"C"){field(CALC,"A") field(OUT,"D.A PP") field(ODLY,"0.5")}
    record(calc,"D"){field(CALC,"A*2")}`;

  it('completes a put when the output is written', async () => {
    const rig = new SoftRig(database);
    let isDone = false;
    const put = Promise.resolve(rig.put('C.A', 3, true)).then((outcome) => {
      isDone = true;
      return outcome;
    });
    rig.clock.advance(499);
    await Promise.resolve();
    expect([isDone, rig.get('D')]).toEqual([false, 0]);
    rig.clock.advance(1);
    expect(await put).toEqual({ kind: 'done' });
    expect(rig.get('D')).toBe(6);
  });

  it('posts DLYA when it begins and ends, and VAL at the end', () => {
    const rig = new SoftRig(database);
    using _watch = rig.watch('C.DLYA');
    void rig.put('C.A', 3);
    expect(rig.events()).toEqual(['C.DLYA=VL']);
    rig.clock.advance(500);
    expect(rig.events()).toEqual(['D=VLA', 'C=VLA', 'C.DLYA=VL']);
  });

  it('has the time of the end', () => {
    const rig = new SoftRig(database);
    void rig.put('C.A', 3);
    rig.clock.advance(500);
    expect(rig.get('C.TIME')).toBe('2020-01-01T12:00:00.500000000Z');
  });
});

describe('the links of a calcout record', () => {
  it('show their new state, and constants their value, when they are rewritten', () => {
    const rig = new SoftRig(`record(calcout,"C"){field(CALC,"A") field(INPB,"3")}
      record(ao,"D"){}`);
    const states = () => ['INAV', 'INBV', 'OUTV'].map((field) => rig.choice(`C.${field}`));
    expect(states()).toEqual(['Constant', 'Constant', 'Constant']);
    void rig.put('C.INPA', 'D');
    void rig.put('C.INPB', '7');
    void rig.put('C.OUT', 'D PP');
    expect(states()).toEqual(['Local PV', 'Constant', 'Local PV']);
    expect([rig.get('C.A'), rig.get('C.B')]).toEqual([0, 7]);
  });

  it('are not connected when nothing is there', () => {
    const rig = new SoftRig('record(calcout,"C"){field(INPA,"ELSEWHERE")}');
    expect(rig.choice('C.INAV')).toBe('Ext PV NC');
  });

  it('tell those who watch when another IOC comes or goes', () => {
    const elsewhere = new Elsewhere();
    const rig = new SoftRig('record(calcout,"C"){field(INPA,"PV") field(OUT,"PV")}', {
      remote: elsewhere,
    });
    using _watch = rig.watch('C.INAV');
    elsewhere.connect(true);
    expect([rig.events(), rig.choice('C.INAV')]).toEqual([['C.INAV=VL'], 'Ext PV OK']);
    expect(rig.choice('C.OUTV')).toBe('Ext PV OK');
    elsewhere.connect(true);
    expect(rig.events()).toEqual([]);
    elsewhere.connect(false);
    expect([rig.events(), rig.choice('C.INAV')]).toEqual([['C.INAV=VL'], 'Ext PV NC']);
  });
});

describe('a calcout record', () => {
  it('does not keep a process from ending', () => {
    const rig = new SoftRig('record(calcout,"C"){field(ODLY,"100") field(OUT,"C.A")}');
    void rig.put('C.PROC', 1);
    expect(rig.clock.timers).toBe(1);
    rig[Symbol.dispose]();
    expect(rig.clock.timers).toBe(0);
  });

  it('keeps an expression that is none, and says so in CLCV', () => {
    const rig = new SoftRig('record(calcout,"C"){field(CALC,"A")}');
    expect(rig.put('C.CALC', 'A+')).toEqual({ kind: 'done' });
    expect([rig.get('C.CALC'), rig.get('C.CLCV'), rig.choice('C.STAT')]).toEqual([
      'A+',
      -1,
      'CALC',
    ]);
  });

  it('posts OVAL to those who watch it', () => {
    const rig = new SoftRig(`record(calcout,"C"){field(CALC,"A") field(OCAL,"A*10")
      field(DOPT,"Use OCAL") field(MDEL,"100") field(OOPT,"Every Time")}`);
    void rig.put('C.A', 1);
    rig.events();
    using _watch = rig.watch('C.OVAL');
    void rig.put('C.A', 2);
    expect(rig.events()).toEqual(['C=L', 'C.OVAL=VL']);
  });

  it('hands its alarm on through OUT with MS', () => {
    const rig = new SoftRig(`record(calcout,"C"){field(CALC,"A") field(OUT,"D PP MS")
      field(HIGH,"5") field(HSV,"MINOR")}
      record(ao,"D"){}`);
    void rig.put('C.A', 6);
    expect([rig.choice('D.STAT'), rig.choice('D.SEVR')]).toEqual(['LINK', 'MINOR']);
  });

  it('is invalid when OUT cannot take the value', () => {
    const rig = new SoftRig('record(calcout,"C"){field(CALC,"A") field(OUT,"C.NAME")}');
    void rig.put('C.A', 6);
    expect([rig.choice('C.STAT'), rig.choice('C.SEVR')]).toEqual(['LINK', 'INVALID']);
  });
});

/** Another IOC, with one number. */
class Elsewhere implements RemoteLinks {
  #isConnected = false;
  readonly #changed: (() => void)[] = [];

  open({ changed }: RemoteRequest): RemotePv {
    this.#changed.push(changed);
    const isConnected = () => this.#isConnected;
    return {
      get isConnected() {
        return isConnected();
      },
      ...{ isReadable: true, isWritable: true, type: 'DOUBLE', count: 1, value: 1 },
      ...{ status: 0, severity: 0, seconds: 0, nanoseconds: 0, metadata: undefined },
      put: () => {},
      [Symbol.dispose]: () => {},
    };
  }

  connect(isConnected: boolean): void {
    this.#isConnected = isConnected;
    for (const changed of this.#changed) changed();
  }
}
