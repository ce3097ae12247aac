import { CommandId } from '../ams-header.ts';
import { type AdsResult, type Command, resultOnly } from '../command.ts';

export type WriteControlRequest = {
  readonly adsState: number;
  readonly deviceState: number;
  readonly bytes: Uint8Array;
};

/** Changes the state of a server. */
export const writeControl: Command<WriteControlRequest, AdsResult> = {
  id: CommandId.writeControl,
  name: 'WriteControl',
  describe: ({ adsState, deviceState }, target) =>
    `WriteControl of ${target} to state ${adsState} (device state ${deviceState})`,
  request: {
    encode(w, { adsState, deviceState, bytes }) {
      w.u16(adsState);
      w.u16(deviceState);
      w.u32(bytes.length);
      w.bytes(bytes);
    },
    decode: (r) => ({ adsState: r.u16(), deviceState: r.u16(), bytes: r.borrow(r.u32()) }),
  },
  response: resultOnly,
};
