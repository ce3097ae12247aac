import { MalformedFrame } from '../kernel/index.ts';

/** Takes what `scanNotifications` finds, in the order of the frame. */
export interface NotificationSink {
  /** FILETIME of the samples that follow, in two halves of 32 bits. */
  stamp(filetimeLow: number, filetimeHigh: number): void;
  /** `length` bytes of `bytes` from `at` on; borrowed for the call. */
  sample(handle: number, bytes: Uint8Array, at: number, length: number): void;
}

// hot path
/**
 * Walks the payload of a device notification (command 8) and returns how many samples it held.
 * Throws MalformedFrame where the bytes end early; what was found before has gone to the sink.
 *
 *   u32 length of the rest · u32 stamps · per stamp: u64 FILETIME · u32 samples ·
 *   per sample: u32 handle · u32 length · bytes          (facts/ads.md section 8)
 */
export function scanNotifications(payload: Uint8Array, sink: NotificationSink): number {
  const end = payload.length;
  if (end < 8) throw new MalformedFrame('Device notification cut short', payload);
  let found = 0;
  let at = 8;
  for (let stamps = u32(payload, 4); stamps > 0; stamps--) {
    if (at + 12 > end) throw new MalformedFrame('Notification stamp cut short', payload);
    sink.stamp(u32(payload, at), u32(payload, at + 4));
    let samples = u32(payload, at + 8);
    at += 12;
    found += samples;
    for (; samples > 0; samples--) {
      if (at + 8 > end) throw new MalformedFrame('Notification sample cut short', payload);
      const length = u32(payload, at + 4);
      const from = at + 8;
      at = from + length;
      if (at > end) throw new MalformedFrame('Notification data cut short', payload);
      sink.sample(u32(payload, from - 8), payload, from, length);
    }
  }
  return found;
}

// hot path
function u32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  );
}
