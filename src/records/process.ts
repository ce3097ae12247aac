import { AlarmStatus, type Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';
import { EventMask } from './event.ts';
import { RecordCode } from './record-type.ts';
import { processAi } from './types/ai.ts';
import { processAo } from './types/ao.ts';
import { processBi } from './types/bi.ts';
import { processBo } from './types/bo.ts';
import { processInt64in } from './types/int64in.ts';
import { processInt64out } from './types/int64out.ts';
import { processLongin } from './types/longin.ts';
import { processLongout } from './types/longout.ts';
import { processLsi } from './types/lsi.ts';
import { processLso } from './types/lso.ts';
import { processMbbi } from './types/mbbi.ts';
import { processMbbo } from './types/mbbo.ts';
import { processStringin } from './types/stringin.ts';
import { processStringout } from './types/stringout.ts';
import { processWaveform } from './types/waveform.ts';

// hot path
/**
 * Processes one record without links and the like, with what the image holds: conversion, alarms,
 * dead-bands, events.
 */
export function processSlot(c: Columns, slot: Slot): void {
  const flags = c.flags[slot]!;
  if (flags & Flag.watched) c.watchedSlots.push(slot);
  if (flags & Flag.disabled) {
    disable(c, slot);
    return;
  }
  switch (c.type[slot]!) {
    case RecordCode.ai:
      processAi(c, slot, flags);
      return;
    case RecordCode.bi:
      processBi(c, slot, flags);
      return;
    case RecordCode.mbbi:
      processMbbi(c, slot, flags);
      return;
    case RecordCode.longin:
      processLongin(c, slot, flags);
      return;
    case RecordCode.int64in:
      processInt64in(c, slot, flags);
      return;
    case RecordCode.stringin:
      processStringin(c, slot, flags);
      return;
    case RecordCode.lsi:
      processLsi(c, slot, flags);
      return;
    case RecordCode.waveform:
      processWaveform(c, slot, flags);
      return;
    default:
      processOutput(c, slot, flags);
  }
}

// hot path
function processOutput(c: Columns, slot: Slot, flags: number): void {
  switch (c.type[slot]!) {
    case RecordCode.ao:
      processAo(c, slot, flags);
      return;
    case RecordCode.bo:
      processBo(c, slot);
      return;
    case RecordCode.mbbo:
      processMbbo(c, slot);
      return;
    case RecordCode.longout:
      processLongout(c, slot);
      return;
    case RecordCode.int64out:
      processInt64out(c, slot);
      return;
    case RecordCode.stringout:
      processStringout(c, slot);
      return;
    case RecordCode.lso:
      processLso(c, slot);
  }
}

/** DISA equals DISV: the alarm is DISABLE with DISS, said once (facts/ca.md section 11). */
export function disable(c: Columns, slot: Slot): void {
  if (c.status[slot] === AlarmStatus.disable) return;
  c.status[slot] = AlarmStatus.disable;
  c.severity[slot] = c.storedNumber(slot, 'DISS');
  c.pending[slot] = 0;
  c.post(slot, EventMask.value | EventMask.alarm);
  if (!c.has(slot, Flag.watched)) return;
  c.postField(slot, 'STAT', EventMask.value);
  c.postField(slot, 'SEVR', EventMask.value);
}
