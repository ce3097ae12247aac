import { CommandId } from '../ams-header.ts';
import { type AdsResult, type Command, resultOnly } from '../command.ts';

export const deleteNotification: Command<{ readonly handle: number }, AdsResult> = {
  id: CommandId.deleteNotification,
  name: 'DeleteDeviceNotification',
  describe: ({ handle }, target) => `DeleteDeviceNotification of handle ${handle} on ${target}`,
  request: {
    encode: (w, { handle }) => w.u32(handle),
    decode: (r) => ({ handle: r.u32() }),
  },
  response: resultOnly,
};
