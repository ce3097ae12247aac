import {
  addNotification,
  type DataAnswer,
  deleteNotification,
  IndexGroup,
  MAX_PACKET,
  type Place,
  type ReadWriteRequest,
  read,
} from '../ads/index.ts';
import { Reader, Writer } from '../kernel/index.ts';
import { Result, refused } from './refusal.ts';
import { add, readFrom, readWriteOn, resultOf, type Service } from './service.ts';

/** Most sub-commands of one sum (facts/ads.md section 9). */
const MAX_PARTS = 500;

/**
 * Carries out a sum command: its offset is the number of parts, each part has a result of its own.
 * Throws 0x705 for too many parts and for an answer that does not fit.
 */
export function sum(service: Service, request: ReadWriteRequest): Uint8Array {
  const parts = request.offset;
  if (parts > MAX_PARTS) throw refused(Result.invalidSize);
  const w = new Writer();
  try {
    run(service, request.group, parts, new Reader(request.bytes), w);
  } catch (cause) {
    // The parts end before their number does.
    if (cause instanceof RangeError) throw refused(Result.invalidSize);
    throw cause;
  }
  if (w.length > request.readLength) throw refused(Result.invalidSize);
  return w.take();
}

function run(service: Service, group: number, parts: number, r: Reader, w: Writer): void {
  switch (group) {
    case IndexGroup.sumRead:
    case IndexGroup.sumReadEx:
    case IndexGroup.sumReadEx2:
      reads(service, group, parts, r, w);
      break;
    case IndexGroup.sumWrite:
      writes(service, parts, r, w);
      break;
    case IndexGroup.sumReadWrite:
      exchanges(service, parts, r, w);
      break;
    case IndexGroup.sumAddNotification:
      for (let i = 0; i < parts; i++) {
        addNotification.response.encode(w, add(service, addNotification.request.decode(r)));
      }
      break;
    case IndexGroup.sumDeleteNotification:
      for (let i = 0; i < parts; i++) {
        const { handle } = deleteNotification.request.decode(r);
        w.u32(resultOf(() => service.subscribers.delete(service, handle)));
      }
      break;
  }
}

/** Results, with lengths in the extended forms, then blocks: padded but in the last form. */
function reads(service: Service, group: number, parts: number, r: Reader, w: Writer): void {
  const places = list(parts, () => read.request.decode(r));
  const wanted = places.reduce((total, { length }) => total + length, 0);
  if (wanted > MAX_PACKET) throw refused(Result.invalidSize);
  const answers = places.map((place) => readFrom(service, place));
  for (const { result, bytes } of answers) {
    w.u32(result);
    if (group !== IndexGroup.sumRead) w.u32(bytes.length);
  }
  const padded = group !== IndexGroup.sumReadEx2;
  answers.forEach((answer, i) => {
    block(w, answer, padded ? (places[i] as Place).length : answer.bytes.length);
  });
}

function block(w: Writer, { bytes }: DataAnswer, length: number): void {
  w.bytes(bytes.subarray(0, length));
  w.zeros(Math.max(0, length - bytes.length));
}

/** All places, then all data; the answer is the results. */
function writes({ device }: Service, parts: number, r: Reader, w: Writer): void {
  const places = list(parts, () => read.request.decode(r));
  const data = places.map(({ length }) => r.borrow(length));
  places.forEach(({ group, offset }, i) => {
    w.u32(resultOf(() => device.write(group, offset, data[i] ?? new Uint8Array(0))));
  });
}

/** All heads, then all data; the answer is results with lengths, then the data as long as it is. */
function exchanges(service: Service, parts: number, r: Reader, w: Writer): void {
  const heads = list(parts, () => ({
    group: r.u32(),
    offset: r.u32(),
    readLength: r.u32(),
    writeLength: r.u32(),
  }));
  const requests = heads.map((head) => ({ ...head, bytes: r.borrow(head.writeLength) }));
  const answers = requests.map((request) => readWriteOn(service, request));
  for (const { result, bytes } of answers) {
    w.u32(result);
    w.u32(bytes.length);
  }
  for (const { bytes } of answers) w.bytes(bytes);
}

function list<T>(count: number, item: () => T): T[] {
  return Array.from({ length: count }, item);
}
