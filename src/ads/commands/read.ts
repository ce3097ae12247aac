import type { Codec } from '../../kernel/index.ts';
import { CommandId } from '../ams-header.ts';
import { type Command, formatPlace } from '../command.ts';

/** A range of a server's memory. */
export type Place = { readonly group: number; readonly offset: number; readonly length: number };

/** `bytes` may be fewer than were asked for; owned by the caller after decoding. */
export type DataAnswer = { readonly result: number; readonly bytes: Uint8Array };

export const place: Codec<Place> = {
  encode(w, { group, offset, length }) {
    w.u32(group);
    w.u32(offset);
    w.u32(length);
  },
  decode: (r) => ({ group: r.u32(), offset: r.u32(), length: r.u32() }),
};

/** The answer of Read and ReadWrite; some servers leave the length out when they refuse. */
export const dataAnswer: Codec<DataAnswer> = {
  encode(w, { result, bytes }) {
    w.u32(result);
    w.u32(bytes.length);
    w.bytes(bytes);
  },
  decode(r) {
    const result = r.u32();
    if (result !== 0 && r.remaining < 4) return { result, bytes: new Uint8Array(0) };
    return { result, bytes: r.copy(r.u32()) };
  },
};

export const read: Command<Place, DataAnswer> = {
  id: CommandId.read,
  name: 'Read',
  describe: (request, target) =>
    `Read ${formatPlace(request)} (${request.length} bytes) from ${target}`,
  request: place,
  response: dataAnswer,
};
