/**
 * What the C server needs: softIoc of EPICS base 7.0.8, libca as client, another run on a machine
 * of two cores. Not measured here; CPU-seconds per million (µs per operation) may be compared with
 * ours as orders of magnitude, rates hardly.
 */
export const epicsBase = {
  connect: 'C server: 2.0',
  get: 'C server: 35, p50 119 µs, p99 300 µs',
  pipelinedGet: 'C server: 0.27',
  put: 'C server: 0.25',
  putNotify: 'C server: 84, p50 130 µs, p99 280 µs',
  pipelinedPutNotify: 'C server: 6.6 (1,000 channels at once)',
  monitorAt10Hz: 'C server: 3.7, 37 % core',
  monitorBurst: 'C server: 2.5 (put → event bursts)',
  memory: 'C server: 89 MB',
} as const;
