import { CommandId } from '../ams-header.ts';
import { type AdsResult, type Command, formatPlace, resultOnly } from '../command.ts';

/** Bytes for a place in a server's memory; decoded bytes are a view of the packet. */
export type WriteRequest = {
  readonly group: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
};

export const write: Command<WriteRequest, AdsResult> = {
  id: CommandId.write,
  name: 'Write',
  describe: (request, target) =>
    `Write ${formatPlace(request)} (${request.bytes.length} bytes) to ${target}`,
  request: {
    encode(w, { group, offset, bytes }) {
      w.u32(group);
      w.u32(offset);
      w.u32(bytes.length);
      w.bytes(bytes);
    },
    decode: (r) => ({ group: r.u32(), offset: r.u32(), bytes: r.borrow(r.u32()) }),
  },
  response: resultOnly,
};
