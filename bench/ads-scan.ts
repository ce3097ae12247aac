// What the scan over device notifications costs per sample.
import { deviceNotification, type NotificationSink, scanNotifications } from '../src/ads/index.ts';
import { encoded } from '../src/kernel/index.ts';

const SAMPLES = 20_000_000;

/** As a process image does: looks at the bytes and keeps them by handle. */
class ByHandle implements NotificationSink {
  readonly newest = new Uint32Array(2048);
  readonly times = new Uint32Array(2);

  stamp(low: number, high: number): void {
    this.times[0] = low;
    this.times[1] = high;
  }

  // hot path
  sample(handle: number, bytes: Uint8Array, at: number, length: number): void {
    if (length >= 2) this.newest[handle] = bytes[at]! | (bytes[at + 1]! << 8);
  }
}

function frameOf(count: number, size: number): Uint8Array {
  const samples = Array.from({ length: count }, (_, handle) => ({
    handle,
    bytes: new Uint8Array(size).fill(handle),
  }));
  return encoded(deviceNotification, [{ time: { low: 1, high: 2 }, samples }]);
}

for (const [name, count, size] of [
  ['50 samples of 4 bytes', 50, 4],
  ['1000 samples of 2 bytes', 1000, 2],
  ['1 sample of 8 bytes', 1, 8],
] as const) {
  const frame = frameOf(count, size);
  const sink = new ByHandle();
  const rounds = Math.ceil(SAMPLES / count);
  for (let i = 0; i < rounds / 10; i++) scanNotifications(frame, sink);
  const start = process.hrtime.bigint();
  let found = 0;
  for (let i = 0; i < rounds; i++) found += scanNotifications(frame, sink);
  const ns = Number(process.hrtime.bigint() - start) / found;
  console.log(`${name}: ${ns.toFixed(1)} ns per sample`);
}
