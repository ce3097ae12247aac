import { CommandId } from '../ams-header.ts';
import { type Command, formatPlace } from '../command.ts';
import { type DataAnswer, dataAnswer } from './read.ts';

/** Sends bytes and asks for at most `readLength` back; decoded bytes are a view of the packet. */
export type ReadWriteRequest = {
  readonly group: number;
  readonly offset: number;
  readonly readLength: number;
  readonly bytes: Uint8Array;
};

export const readWrite: Command<ReadWriteRequest, DataAnswer> = {
  id: CommandId.readWrite,
  name: 'ReadWrite',
  describe: (q, target) =>
    `ReadWrite ${formatPlace(q)} (${q.bytes.length} bytes, ${q.readLength} back) on ${target}`,
  request: {
    encode(w, { group, offset, readLength, bytes }) {
      w.u32(group);
      w.u32(offset);
      w.u32(readLength);
      w.u32(bytes.length);
      w.bytes(bytes);
    },
    decode(r) {
      const head = { group: r.u32(), offset: r.u32(), readLength: r.u32() };
      return { ...head, bytes: r.borrow(r.u32()) };
    },
  },
  response: dataAnswer,
};
