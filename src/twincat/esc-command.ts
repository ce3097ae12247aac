import { type Codec, encoded } from '../kernel/index.ts';

/** A datagram with four bytes of data, as group 0x2C of a master takes and answers it. */
export type EscCommand = {
  /** How `address` is meant: an `EscCommandType`. */
  readonly type: number;
  readonly address: number;
  /** Register of the slave's EtherCAT controller. */
  readonly register: number;
  readonly data: number;
  /** Working counter: slaves that took part. */
  readonly count: number;
};

/** Reads by place on the bus (0, -1, -2 …), or by station address (ETG.1000.4, datagram header). */
export const EscCommandType = { autoIncrementRead: 1, fixedRead: 4 } as const;

/** Registers of an EtherCAT slave controller. */
export const EscRegister = {
  /** u8 for each of the ports A to D; stands still at 255. */
  lostLinks: 0x0310,
} as const;

/** Bytes of a command and of its answer, and where in it the four bytes of data are. */
export const ESC_COMMAND_LENGTH = 16;
export const ESC_DATA_OFFSET = 10;

/** Index of datagrams that do not come from the master itself, as Beckhoff's AdsLib sends them. */
const EXTERNAL = 0xff;

/** u8 command, u8 index, u16 address, u16 register, u16 length, u16 interrupts, u32 data, u16 counter. */
export const escCommand: Codec<EscCommand> = {
  encode(w, { type, address, register, data, count }) {
    w.u8(type);
    w.u8(EXTERNAL);
    w.u16(address);
    w.u16(register);
    w.u16(4);
    w.u16(0);
    w.u32(data);
    w.u16(count);
  },
  decode(r) {
    const type = r.u8();
    r.skip(1);
    const [address, register] = [r.u16(), r.u16()];
    r.skip(4);
    return { type, address, register, data: r.u32(), count: r.u16() };
  },
};

/** Asks the slave at a station address for four bytes of registers. */
export function readRegisters(address: number, register: number): Uint8Array {
  const type = EscCommandType.fixedRead;
  return encoded(escCommand, { type, address, register, data: 0, count: 0 });
}

/** Whether the slave answered; what nobody answers comes back as it was sent. */
export function isAnswered(answer: Uint8Array): boolean {
  const [low = 0, high = 0] = answer.subarray(ESC_COMMAND_LENGTH - 2);
  return low + high > 0;
}
