import { bool, type Datatype, u16 } from '../model/index.ts';
import type { Area } from './image.ts';
import type { Entry, Pdo } from './process-data.ts';

/** What a master adds to the process data of its slaves: structures, and the sync unit. */
export function masterData(frames: number): readonly Pdo[] {
  return [
    // Behind the frames' words two words lie that have no name, and one before the last.
    words('Inputs', 'inputs', 6 * frames + 10, {
      ...perFrame(frames, 6, { State: 0, WcState: 2, InputToggle: 4 }),
      SlaveCount: 6 * frames + 4,
      DevState: 6 * frames + 8,
    }),
    words('Outputs', 'outputs', 4 * frames + 2, {
      ...perFrame(frames, 4, { Ctrl: 0, WcCtrl: 2 }),
      DevCtrl: 4 * frames,
    }),
    { ...singleBit('inputs'), name: 'SyncUnits.<default>.<unreferenced>.WcState.WcState' },
  ];
}

/** A PDO of one bit that has no name of its own. */
export function singleBit(area: Area): Pdo {
  const entries = [entry('', bool, 0, 1)];
  return { name: '', typeName: '', area, bits: 1, structured: false, entries };
}

/** A PDO of one unsigned word that has no name of its own. */
export function singleWord(area: Area): Pdo {
  const entries = [entry('', u16, 0, 16)];
  return { name: '', typeName: '', area, bits: 16, structured: false, entries };
}

/** Words of each cyclic frame, which push those behind them (facts/ads.md section 7). */
function perFrame(frames: number, step: number, members: Record<string, number>) {
  const at: Record<string, number> = {};
  for (let frame = 0; frame < frames; frame++) {
    for (const [member, byte] of Object.entries(members)) {
      at[`Frm${frame}${member}`] = frame * step + byte;
    }
  }
  return at;
}

function words(name: string, area: Area, bytes: number, at: Record<string, number>): Pdo {
  const entries = Object.entries(at).map(([member, byte]) => entry(member, u16, byte * 8, 16));
  return { name, typeName: `${name}_TYPE`, area, bits: bytes * 8, structured: true, entries };
}

function entry(name: string, datatype: Datatype, bit: number, bits: number): Entry {
  return { name, datatype, bit, bits, within: false };
}
