import { cp1252Bytes, cp1252Text, nothing } from '../../kernel/index.ts';
import { CommandId } from '../ams-header.ts';
import type { Command } from '../command.ts';

/** Name and version of the server behind an AMS port. */
export type DeviceInfo = {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** At most 16 characters. */
  readonly name: string;
};

export const readDeviceInfo: Command<void, DeviceInfo & { readonly result: number }> = {
  id: CommandId.readDeviceInfo,
  name: 'ReadDeviceInfo',
  describe: (_, target) => `ReadDeviceInfo of ${target}`,
  request: nothing,
  response: {
    encode(w, { result, major, minor, build, name }) {
      w.u32(result);
      w.u8(major);
      w.u8(minor);
      w.u16(build);
      const bytes = cp1252Bytes(name).subarray(0, 16);
      w.bytes(bytes);
      w.zeros(16 - bytes.length);
    },
    decode(r) {
      const result = r.u32();
      if (result !== 0) return { result, major: 0, minor: 0, build: 0, name: '' };
      return {
        result,
        major: r.u8(),
        minor: r.u8(),
        build: r.u16(),
        name: cp1252Text(r.borrow(16)),
      };
    },
  },
};
