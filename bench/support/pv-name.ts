/** Names as long as those of a real plant. */
export function pvName(i: number): string {
  return `BENCH:ETH1:RIO${1 + (i >> 10)}:MOD${1 + ((i >> 2) & 255)}:AiStandardChannel${i}Value`;
}

/** What a client puts to when it has taken a batch of updates. */
export const roundPv = 'BENCH:ROUND';
