import type { RecordTypeName } from './record-type.ts';

/** Device support of records that the plant feeds or takes values from. */
export const plantDevice = 'ADS';

const soft: Readonly<Record<RecordTypeName, readonly string[]>> = {
  ai: ['Soft Channel', 'Raw Soft Channel', 'Async Soft Channel', 'Soft Timestamp', 'General Time'],
  ao: ['Soft Channel', 'Raw Soft Channel', 'Async Soft Channel'],
  bi: ['Soft Channel', 'Raw Soft Channel', 'Async Soft Channel', 'Db State'],
  bo: ['Soft Channel', 'Raw Soft Channel', 'Async Soft Channel', 'General Time', 'Db State'],
  mbbi: ['Soft Channel', 'Raw Soft Channel', 'Async Soft Channel'],
  mbbo: ['Soft Channel', 'Raw Soft Channel', 'Async Soft Channel'],
  longin: ['Soft Channel', 'Async Soft Channel', 'General Time'],
  longout: ['Soft Channel', 'Async Soft Channel'],
  int64in: ['Soft Channel', 'Async Soft Channel'],
  int64out: ['Soft Channel', 'Async Soft Channel'],
  stringin: ['Soft Channel', 'Async Soft Channel', 'Soft Timestamp', 'General Time', 'getenv'],
  stringout: ['Soft Channel', 'Async Soft Channel', 'stdio'],
  lsi: ['Soft Channel', 'getenv'],
  lso: ['Soft Channel', 'Async Soft Channel', 'stdio'],
  waveform: ['Soft Channel'],
};

/** Choices of DTYP: the soft supports of EPICS base 7.0.8, then the plant's. */
export function devicesOf(type: RecordTypeName): readonly string[] {
  return [...soft[type], plantDevice];
}
