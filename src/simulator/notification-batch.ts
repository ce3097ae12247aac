import {
  AMS_HEADER,
  AMS_TCP_HEADER,
  type AmsAddress,
  CommandId,
  encodePacket,
  REQUEST_FLAGS,
  toTcp,
} from '../ads/index.ts';

/** Frames end near this size, as those of a TwinCAT do (facts/ads.md section 8). */
const FRAME_SIZE = 4096;

const HEADER = AMS_TCP_HEADER + AMS_HEADER;
/** Of the fields that each frame has its own value of, from the start of the TCP prefix. */
const TCP_LENGTH_AT = 2;
const PAYLOAD_LENGTH_AT = AMS_TCP_HEADER + 20;
const INVOKE_ID_AT = AMS_TCP_HEADER + 28;

/**
 * Notification frames for one client port, built in place and sent together. The invoke id of a
 * frame is its number within the batch, as on hardware (facts/ads.md section 8).
 *
 *   AMS/TCP header · AMS header · u32 length of the rest · u32 stamps ·
 *   per stamp: u64 FILETIME · u32 samples · per sample: u32 handle · u32 length · bytes
 */
export class NotificationBatch {
  readonly #header: Uint8Array;
  #bytes = new Uint8Array(2 * FRAME_SIZE);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  /** Of the open frame and its open stamp; -1 when there is none. */
  #frameAt = -1;
  #stampAt = -1;
  #stamps = 0;
  #samplesInStamp = 0;
  #samples = 0;
  #frames = 0;
  #taken = 0;
  #low = 0;
  #high = 0;

  constructor(target: AmsAddress, source: AmsAddress) {
    const head = { target, source, command: CommandId.deviceNotification, invokeId: 0 };
    this.#header = toTcp(encodePacket({ ...head, stateFlags: REQUEST_FLAGS }, new Uint8Array(0)));
  }

  /** Samples in all frames. */
  get samples(): number {
    return this.#samples;
  }

  /** Bytes of all frames. */
  get length(): number {
    return this.#end;
  }

  /** Frames that the last `take` returned. */
  get taken(): number {
    return this.#taken;
  }

  /** The time of the samples that follow. */
  begin(filetimeLow: number, filetimeHigh: number): void {
    this.#low = filetimeLow;
    this.#high = filetimeHigh;
    this.#closeStamp();
  }

  // hot path
  /** Room for a sample of `size` bytes: where to put them in `target`. */
  reserve(size: number): number {
    const needed = size + 8 + (this.#stampAt < 0 ? 12 : 0);
    if (this.#frameAt >= 0 && this.#end - this.#frameAt + needed > FRAME_SIZE) this.#closeFrame();
    this.#grow(HEADER + 8 + 12 + 8 + size);
    if (this.#frameAt < 0) this.#openFrame();
    if (this.#stampAt < 0) this.#openStamp();
    return this.#end + 8;
  }

  /** The bytes that `reserve` speaks of; they move when the batch grows. */
  get target(): Uint8Array {
    return this.#bytes;
  }

  // hot path
  /** Keeps the sample that was put where `reserve` said. */
  commit(handle: number, size: number): void {
    this.#view.setUint32(this.#end, handle, true);
    this.#view.setUint32(this.#end + 4, size, true);
    this.#end += 8 + size;
    this.#samplesInStamp++;
    this.#samples++;
  }

  /** All frames, owned by the caller; the batch is empty afterwards. */
  take(): Uint8Array {
    this.#closeFrame();
    const frames = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    this.#samples = 0;
    this.#taken = this.#frames;
    this.#frames = 0;
    return frames;
  }

  #openFrame(): void {
    this.#frameAt = this.#end;
    this.#bytes.set(this.#header, this.#end);
    this.#end += HEADER + 8;
    this.#stamps = 0;
  }

  #openStamp(): void {
    this.#stampAt = this.#end;
    this.#view.setUint32(this.#end, this.#low, true);
    this.#view.setUint32(this.#end + 4, this.#high, true);
    this.#end += 12;
    this.#samplesInStamp = 0;
  }

  /** A stamp for which nothing was committed leaves no trace. */
  #closeStamp(): void {
    if (this.#stampAt < 0) return;
    if (this.#samplesInStamp === 0) this.#end = this.#stampAt;
    else {
      this.#view.setUint32(this.#stampAt + 8, this.#samplesInStamp, true);
      this.#stamps++;
    }
    this.#stampAt = -1;
  }

  #closeFrame(): void {
    this.#closeStamp();
    if (this.#frameAt < 0) return;
    const at = this.#frameAt;
    this.#frameAt = -1;
    if (this.#stamps === 0) {
      this.#end = at;
      return;
    }
    const payload = this.#end - at - HEADER;
    this.#view.setUint32(at + TCP_LENGTH_AT, AMS_HEADER + payload, true);
    this.#view.setUint32(at + PAYLOAD_LENGTH_AT, payload, true);
    this.#view.setUint32(at + INVOKE_ID_AT, this.#frames, true);
    this.#view.setUint32(at + HEADER, payload - 4, true);
    this.#view.setUint32(at + HEADER + 4, this.#stamps, true);
    this.#frames++;
  }

  #grow(room: number): void {
    const needed = this.#end + room;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
