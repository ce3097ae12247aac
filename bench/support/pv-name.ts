/** Names as long as those of a real plant, and what C's printf makes them of. */
export const pvNameFormat = 'BENCH:ETH1:RIO2:MOD3:AiStandardChannel%dValue';

export function pvName(i: number): string {
  return pvNameFormat.replace('%d', String(i));
}

/** What a client puts to when it has taken a batch of updates. */
export const roundPv = 'BENCH:ROUND';

/** A waveform of doubles; the format has a number, as the C client wants it, and it is 0. */
export const arrayPvFormat = 'BENCH:ARRAY%d';
export const arrayPv = arrayPvFormat.replace('%d', '0');
