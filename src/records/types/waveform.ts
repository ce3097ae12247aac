import { Quality, type Slot } from '../../model/index.ts';
import { scaledRow, storeRow } from '../array.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleArray } from '../settle.ts';

export const waveform = recordType(
  'waveform',
  'array',
  `
  VAL:DOUBLE pp; RARM:SHORT pp; PREC:SHORT prop; INP:INLINK; EGU:STRING(16) prop;
  HOPR:DOUBLE prop; LOPR:DOUBLE prop; NELM:ULONG ro =1; FTVL:MENU(menuFtype) ro; BUSY:SHORT ro;
  NORD:ULONG ro; SIOL:INLINK; SIMM:MENU(menuYesNo); MPST:MENU(waveformPOST);
  APST:MENU(waveformPOST); HASH:ULONG`,
);

/** A row of numbers or texts, in or out. */
export function processWaveform(c: Columns, slot: Slot, flags: number): void {
  let isChanged = false;
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const row = c.image.value(slot);
    if (typeof row === 'object') isChanged = storeRow(c, slot, scaledRow(c, slot, row));
    c.set(slot, Flag.udf, false);
  }
  settleArray(c, slot, isChanged);
}
