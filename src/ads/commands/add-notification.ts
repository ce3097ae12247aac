import { CommandId } from '../ams-header.ts';
import { type Command, formatPlace } from '../command.ts';

/** When a server sends samples; the "in context" modes run in the task that owns the data. */
export const TransmissionMode = {
  none: 0,
  clientCycle: 1,
  clientOnChange: 2,
  serverCycle: 3,
  serverOnChange: 4,
  serverCycleInContext: 5,
  serverOnChangeInContext: 6,
} as const;
export type TransmissionMode = (typeof TransmissionMode)[keyof typeof TransmissionMode];

/** Times in units of 100 ns; a cycle of 0 is every task cycle. */
export type NotificationRequest = {
  readonly group: number;
  readonly offset: number;
  readonly length: number;
  /** A `TransmissionMode`, or whatever a foreign peer sent. */
  readonly mode: number;
  /** The server may collect samples this long before it sends them. */
  readonly maxDelay: number;
  readonly cycleTime: number;
};

export const addNotification: Command<
  NotificationRequest,
  { readonly result: number; readonly handle: number }
> = {
  id: CommandId.addNotification,
  name: 'AddDeviceNotification',
  describe: (request, target) =>
    `AddDeviceNotification ${formatPlace(request)} (${request.length} bytes) on ${target}`,
  request: {
    encode(w, { group, offset, length, mode, maxDelay, cycleTime }) {
      w.u32(group);
      w.u32(offset);
      w.u32(length);
      w.u32(mode);
      w.u32(maxDelay);
      w.u32(cycleTime);
      w.zeros(16);
    },
    decode(r) {
      const request = {
        group: r.u32(),
        offset: r.u32(),
        length: r.u32(),
        mode: r.u32(),
        maxDelay: r.u32(),
        cycleTime: r.u32(),
      };
      r.skip(16);
      return request;
    },
  },
  response: {
    encode(w, { result, handle }) {
      w.u32(result);
      w.u32(handle);
    },
    decode(r) {
      const result = r.u32();
      if (result !== 0) return { result, handle: 0 };
      return { result, handle: r.u32() };
    },
  },
};
