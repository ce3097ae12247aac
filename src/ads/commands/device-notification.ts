import type { Codec, Filetime, Reader } from '../../kernel/index.ts';

export type NotificationSample = { readonly handle: number; readonly bytes: Uint8Array };

/** What a server saw at one time. */
export type NotificationStamp = {
  readonly time: Filetime;
  readonly samples: readonly NotificationSample[];
};

/**
 * The payload of a device notification as objects, for whoever sends them and for tests; receivers
 * of streams use `scanNotifications`. Decoded bytes are views of the packet.
 */
export const deviceNotification: Codec<readonly NotificationStamp[]> = {
  encode(w, stamps) {
    const lengthAt = w.length;
    w.u32(0);
    w.u32(stamps.length);
    for (const { time, samples } of stamps) {
      w.u32(time.low);
      w.u32(time.high);
      w.u32(samples.length);
      for (const { handle, bytes } of samples) {
        w.u32(handle);
        w.u32(bytes.length);
        w.bytes(bytes);
      }
    }
    w.patchU32(lengthAt, w.length - lengthAt - 4);
  },
  decode(r) {
    r.skip(4);
    return list(r, () => ({
      time: { low: r.u32(), high: r.u32() },
      samples: list(r, () => ({ handle: r.u32(), bytes: r.borrow(r.u32()) })),
    }));
  },
};

/** A u32 count and as many items; ends with a RangeError where the bytes do. */
function list<T>(r: Reader, item: () => T): T[] {
  const items: T[] = [];
  for (let left = r.u32(); left > 0; left--) items.push(item());
  return items;
}
