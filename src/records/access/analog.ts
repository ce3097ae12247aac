import type { Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { saturated32, toInt32 } from '../numbers.ts';
import { rawOf } from '../raw.ts';
import { updateScale } from '../scale.ts';
import { readWide, storeWide } from '../wide.ts';
import type { Access, AccessTable } from './access.ts';
import { column, derived, source, stored } from './cells.ts';

/** VAL with alarm limits, dead-bands and ranges: longin, longout, calc and the like. */
export const limits: AccessTable = {
  VAL: column((c) => c.number),
  HIHI: column((c) => c.hihi),
  HIGH: column((c) => c.high),
  LOW: column((c) => c.low),
  LOLO: column((c) => c.lolo),
  HHSV: severityBits(6),
  HSV: severityBits(4),
  LSV: severityBits(2),
  LLSV: severityBits(0),
  HYST: column((c) => c.hyst),
  MDEL: column((c) => c.mdel),
  ADEL: column((c) => c.adel),
  MLST: column((c) => c.mlst),
  ALST: column((c) => c.alst),
  LALM: column((c) => c.lalm),
  HOPR: column((c) => c.hopr),
  LOPR: column((c) => c.lopr),
  DRVH: column((c) => c.drvh),
  DRVL: column((c) => c.drvl),
};

const scaled: AccessTable = {
  ...limits,
  LINR: source('LINR', 0, updateScale),
  ASLO: source('ASLO', 1, updateScale),
  AOFF: source('AOFF', 0, updateScale),
  ESLO: source('ESLO', 1, updateScale),
  EOFF: source('EOFF', 0, updateScale),
  ROFF: source('ROFF', 0, updateScale),
};

/** ai. */
export const analogInput: AccessTable = {
  ...scaled,
  RVAL: rawInput('RVAL'),
  ORAW: rawInput('ORAW'),
};

/** ao. */
export const analogOutput: AccessTable = {
  ...scaled,
  ASLO: source('ASLO', 0, updateScale),
  // VAL, unless OROC keeps the output from being there yet.
  OVAL: outputValue('OVAL'),
  PVAL: outputValue('PVAL'),
  RVAL: derived(rawOutput),
  ORAW: derived(rawOutput),
};

/** 64-bit integers: exact beyond 2^53. */
export const wideLimits: AccessTable = {
  ...limits,
  VAL: {
    read: readWide,
    write: (c, slot, value) =>
      storeWide(c, slot, typeof value === 'bigint' ? value : Number(value)),
  },
  ...Object.fromEntries(
    'HIHI HIGH LOW LOLO HYST MDEL ADEL HOPR LOPR DRVH DRVL MLST ALST LALM'
      .split(' ')
      .map((name) => [name, exactly(name, limits[name])]),
  ),
};

/** A column of doubles whose field is a 64-bit integer. */
function exactly(field: string, rounded: Access | undefined): Access {
  return {
    read: (c, slot) => c.stored(slot, field) ?? rounded?.read(c, slot) ?? 0,
    write(c, slot, value) {
      rounded?.write(c, slot, value);
      const isSafe = Number.isSafeInteger(Number(value));
      c.store(slot, field, isSafe ? undefined : value);
      if (!isSafe) c.set(slot, Flag.exact, true);
    },
  };
}

/** HHSV, HSV, LSV or LLSV: two bits of a column. */
function severityBits(shift: number): Access {
  return {
    read: (c, slot) => ((c.limitSeverity[slot] ?? 0) >> shift) & 3,
    write(c, slot, value) {
      const others = (c.limitSeverity[slot] ?? 0) & ~(3 << shift);
      c.limitSeverity[slot] = others | ((Number(value) & 3) << shift);
    },
  };
}

/** RVAL of an ai: what the plant sent, as a 32-bit integer. */
function rawInput(field: string): Access {
  const soft = stored(field, 0);
  return {
    read: (c, slot) =>
      c.has(slot, Flag.mapped) ? toInt32(c.image.number(slot)) : soft.read(c, slot),
    write: soft.write,
  };
}

function outputValue(field: string): Access {
  return {
    read: (c, slot) => c.stored(slot, field) ?? c.number[slot] ?? 0,
    write: (c, slot, value) => c.store(slot, field, value),
  };
}

function rawOutput(c: Columns, slot: Slot): number {
  return saturated32(Number(rawOf(c, slot)));
}
