import { nothing } from '../../kernel/index.ts';
import { CommandId } from '../ams-header.ts';
import type { Command } from '../command.ts';

/** `adsState` is an `AdsState`; what `deviceState` means is the server's business. */
export type ServerState = { readonly adsState: number; readonly deviceState: number };

export const readState: Command<void, ServerState & { readonly result: number }> = {
  id: CommandId.readState,
  name: 'ReadState',
  describe: (_, target) => `ReadState of ${target}`,
  request: nothing,
  response: {
    encode(w, { result, adsState, deviceState }) {
      w.u32(result);
      w.u16(adsState);
      w.u16(deviceState);
    },
    decode(r) {
      const result = r.u32();
      if (result !== 0) return { result, adsState: 0, deviceState: 0 };
      return { result, adsState: r.u16(), deviceState: r.u16() };
    },
  },
};
