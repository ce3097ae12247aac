import type { DeviceInfo, Place, ReadWriteRequest, ServerState } from '../ads/index.ts';
import type { Location } from './image.ts';
import { Result, refused } from './refusal.ts';

/** Bytes that a notification follows. */
export interface Watch {
  readonly size: number;
  /** Where they are, when they are of the process image. */
  readonly location?: Location;
  /** Copies what the plant holds now to `target` from byte `at` on. */
  sampleInto(target: Uint8Array, at: number): void;
}

/**
 * A server behind one AMS address. What it cannot do it throws as an AdsError whose `adsCode`
 * becomes the result of the answer.
 */
export interface Device {
  info(): DeviceInfo;
  state(): ServerState;
  writeControl(adsState: number, deviceState: number): void;
  /** At most `length` bytes; fewer when there are no more. */
  read(place: Place): Uint8Array;
  write(group: number, offset: number, bytes: Uint8Array): void;
  readWrite(request: ReadWriteRequest): Uint8Array;
  watch(place: Place): Watch;
}

/** What a device answers to the commands that it has nothing for. */
export const refusing: Pick<Device, 'read' | 'write' | 'readWrite' | 'writeControl'> = {
  read: () => {
    throw refused(Result.invalidGroup);
  },
  write: () => {
    throw refused(Result.invalidGroup);
  },
  readWrite: () => {
    throw refused(Result.invalidGroup);
  },
  writeControl: () => {
    throw refused(Result.serviceNotSupported);
  },
};

/** Largest value that a notification may carry. */
export const MAX_WATCH = 64 * 1024;

/** A notification on something that is no plain memory: it is read at each sample. */
export function watchByReading(device: Device, place: Place): Watch {
  const { length } = place;
  if (length > MAX_WATCH) throw refused(Result.invalidWatchSize);
  device.read(place);
  return {
    size: length,
    sampleInto(target, at) {
      target.fill(0, at, at + length);
      target.set(readOrNothing(device, place).subarray(0, length), at);
    },
  };
}

/** A slave that went away reads as zeros until its state tells. */
function readOrNothing(device: Device, place: Place): Uint8Array {
  try {
    return device.read(place);
  } catch {
    return new Uint8Array(0);
  }
}

/** Whole tables and lists: refused when less was asked for than there is. */
export function complete(bytes: Uint8Array, length: number): Uint8Array {
  if (length < bytes.length) throw refused(Result.invalidSize);
  return bytes;
}
