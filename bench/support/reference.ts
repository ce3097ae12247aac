/** What "C server" means in the figures of these benches, and in their notes. */
export function referenceText(benches: readonly string[], softIoc: string | undefined): string {
  const measuring = benches.filter((name) => name === 'libca' || name === 'soft-start');
  const measured =
    softIoc === undefined || measuring.length === 0
      ? 'not measured in this run'
      : `${softIoc}, measured in this run by ${measuring.join(' and ')}`;
  return `${measured}. Notes that begin with "not of this run" quote ${quoted}`;
}

const quoted =
  'softIoc of EPICS base 7.0.8 with libca as client, of another run on a machine of two cores; ' +
  'CPU-seconds per million unless told.';

/**
 * What the C server needs. CPU-seconds per million (µs per operation) compare with ours as orders
 * of magnitude, rates hardly. A server that could be measured in the same run would be better.
 */
export const epicsBase = {
  connect: 'not of this run: C server 2.0',
  get: 'not of this run: C server 35, p50 119 µs, p99 300 µs',
  pipelinedGet: 'not of this run: C server 0.27',
  put: 'not of this run: C server 0.25',
  putNotify: 'not of this run: C server 84, p50 130 µs, p99 280 µs',
  pipelinedPutNotify: 'not of this run: C server 6.6 (1,000 channels at once)',
  monitorAt10Hz: 'not of this run: C server 3.7, 37 % core',
  monitorBurst: 'not of this run: C server 2.5 (put → event bursts)',
  memory: 'not of this run: C server 89 MB',
} as const;
