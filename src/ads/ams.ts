import { type Brand, type Codec, IocError } from '../kernel/index.ts';

/** Six bytes that name an AMS router or device, as text: `5.1.2.3.1.1`. */
export type AmsNetId = Brand<string, 'AmsNetId'>;

/** Which server behind a NetId: 0 to 65535. */
export type AmsPort = Brand<number, 'AmsPort'>;

/** Who sends or receives an AMS packet. */
export type AmsAddress = { readonly netId: AmsNetId; readonly port: AmsPort };

/** Well-known AMS ports (facts/ads.md section 1). */
export const Port = {
  logger: 100 as AmsPort,
  realTime: 200 as AmsPort,
  trace: 290 as AmsPort,
  /** The I/O server (R0_IO). */
  ioServer: 300 as AmsPort,
  nc: 500 as AmsPort,
  /** First runtime of TwinCAT 2 and of TwinCAT 3. */
  plcTc2: 801 as AmsPort,
  plc: 851 as AmsPort,
  system: 10000 as AmsPort,
  /** Symbol table and process image of I/O device 1: 0x6D00 + device id. */
  ioSymbols: 27905 as AmsPort,
  /** An EtherCAT master, on the master's own NetId. */
  ethercatMaster: 65535 as AmsPort,
} as const;

/** The NetId of a text such as `5.1.2.3.1.1`; throws `ads/net-id` on anything else. */
export function amsNetId(text: string): AmsNetId {
  const parts = text.split('.');
  const valid = parts.length === 6 && parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255);
  if (!valid) {
    throw new IocError('ads/net-id', `"${text}" is not an AMS NetId: six numbers 0-255 with dots`);
  }
  return parts.map(Number).join('.') as AmsNetId;
}

/** Throws `ads/port` when `n` is not a whole number from 0 to 65535. */
export function amsPort(n: number): AmsPort {
  if (!Number.isInteger(n) || n < 0 || n > 0xffff) {
    throw new IocError('ads/port', `${n} is not an AMS port: a whole number 0-65535`);
  }
  return n as AmsPort;
}

/** `5.1.2.3.1.1:851` */
export function formatAddress({ netId, port }: AmsAddress): string {
  return `${netId}:${port}`;
}

/**
 * The NetId that a client without one of its own uses: `<local ipv4>.1.1`, as TwinCAT routes
 * expect it. Throws `ads/net-id` when the socket has no IPv4 address.
 */
export function localNetId(localAddress: string): AmsNetId {
  const ipv4 = localAddress.replace(/^::ffff:/i, '');
  if (!/^\d+(\.\d+){3}$/.test(ipv4)) {
    throw new IocError(
      'ads/net-id',
      `No NetId can be made from local address ${localAddress}: give the source NetId`,
    );
  }
  return amsNetId(`${ipv4}.1.1`);
}

/** A NetId as its six bytes. */
export const netIdBytes: Codec<AmsNetId> = {
  encode(w, netId) {
    for (const part of netId.split('.')) w.u8(Number(part));
  },
  decode: (r) => `${r.u8()}.${r.u8()}.${r.u8()}.${r.u8()}.${r.u8()}.${r.u8()}` as AmsNetId,
};

export const amsAddress: Codec<AmsAddress> = {
  encode(w, { netId, port }) {
    netIdBytes.encode(w, netId);
    w.u16(port);
  },
  decode: (r) => ({ netId: netIdBytes.decode(r), port: r.u16() as AmsPort }),
};
