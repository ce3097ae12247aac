import { expect, vi } from 'vitest';
import { type Scope, silentLog } from '../../src/kernel/index.ts';
import { SoftIoc } from '../../src/soft-ioc.ts';
import { type LibcaChannel, type LibcaValue, openLibca } from './libca.ts';

/** DBR types, as their numbers on the wire. */
export const Dbr = {
  ...{ string: 0, enum: 3, char: 4, long: 5, double: 6 },
  ...{ stsString: 7, stsEnum: 10, stsLong: 12, stsDouble: 13 },
  ...{ timeString: 14, timeEnum: 17, timeLong: 19, timeDouble: 20 },
  ...{ ctrlEnum: 31, ctrlLong: 33, ctrlDouble: 34, putAcks: 36 },
} as const;

/** Event masks of subscriptions. */
export const Dbe = { value: 1, log: 2, alarm: 4, property: 8 } as const;

/** Where the value of a DBR struct begins: status and severity, then time, then RISC padding. */
const valueAt: Readonly<Record<number, number>> = {
  [Dbr.stsDouble]: 8,
  [Dbr.stsLong]: 4,
  [Dbr.stsEnum]: 4,
  [Dbr.timeDouble]: 16,
  [Dbr.timeLong]: 12,
  [Dbr.timeEnum]: 14,
};

/** A soft IOC on a database, and a client on the real libca. Both end with the scope. */
export async function softIoc(scope: Scope, database: string) {
  const beacons = { auto: false, addresses: [] };
  const ca = { port: 0, interfaces: ['127.0.0.1'], beacons };
  const ioc = scope.use(new SoftIoc({ log: silentLog, env: {}, ca }, scope.signal));
  ioc.bare.records.loader.loadText('test.db', database);
  await ioc.bare.init();
  const libca = scope.use(await openLibca(ioc.ca?.udpPort ?? 0));
  return {
    ioc,
    libca,
    /** A channel that is connected. */
    async connect(name: string): Promise<LibcaChannel> {
      const channel = await libca.channel(name);
      await eventually(() => expect(channel.connected, name).toBe(true));
      return channel;
    },
  };
}

/** Waits until a check holds, as long as a busy machine may need. */
export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 });
}

/** A number with its alarm: `[value, status, severity]`. */
export function reading({ type, bytes }: LibcaValue): readonly [number, number, number] {
  return [numberIn(type, bytes), bytes.readInt16LE(0), bytes.readInt16LE(2)];
}

/** A text in a DBR struct, from where it begins to its NUL. */
export function textIn({ bytes }: LibcaValue, at = 0): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 ? undefined : end);
}

/** A double in this machine's order, to put. */
export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

/** A text as DBR_STRING, to put. */
export function string(text: string): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write(text);
  return bytes;
}

function numberIn(type: number, bytes: Buffer): number {
  const at = valueAt[type] ?? 0;
  switch (type) {
    case Dbr.double:
    case Dbr.stsDouble:
    case Dbr.timeDouble:
      return bytes.readDoubleLE(at);
    case Dbr.enum:
    case Dbr.stsEnum:
    case Dbr.timeEnum:
      return bytes.readUInt16LE(at);
    default:
      return bytes.readInt32LE(at);
  }
}
