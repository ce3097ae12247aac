import { type Place, read, readDeviceInfo, readState, write } from '../../src/ads/index.ts';
import { cp1252Bytes, encoded, Reader, Writer } from '../../src/kernel/index.ts';
import { ScriptedPeer, type Seen } from '../ads/scripted-peer.ts';

export type ScriptedSlave = { address: number; type: string; name: string };
export type ScriptedDevice = {
  id: number;
  type: number;
  name: string;
  netId: string;
  slaves: ScriptedSlave[];
};

/** Bytes of an answer, or an ADS error. */
export type Reply = Uint8Array | number;

export const u16s = (...values: number[]) => written((w) => values.forEach((n) => void w.u16(n)));
export const u32s = (...values: number[]) => written((w) => values.forEach((n) => void w.u32(n)));
export const textOf = (text: string) => Uint8Array.of(...cp1252Bytes(text), 0);

function written(write: (w: Writer) => void): Uint8Array {
  const w = new Writer();
  write(w);
  return w.take();
}

/**
 * A plant in memory that answers in waves: all requests that are under way at one time are answered
 * together, so the waves of a conversation are its round trips.
 */
export class ScriptedPlant {
  readonly peer = new ScriptedPeer({ maxInFlight: 1000 });
  readonly devices: ScriptedDevice[];
  /** Answers that differ from the usual, by `netId:port group:offset` in hex. */
  readonly exceptions = new Map<string, Reply>();
  readonly writes: string[] = [];
  waves = 0;
  #answered = 0;

  constructor(...devices: ScriptedDevice[]) {
    this.devices = devices;
  }

  /** Answers until the conversation is over. */
  async during<T>(conversation: Promise<T>): Promise<T> {
    let over = false;
    const end = conversation.finally(() => {
      over = true;
    });
    end.catch(() => {});
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (over) return end;
      const wave = this.peer.requests.slice(this.#answered);
      if (wave.length === 0) throw new Error('the conversation waits for nothing');
      this.#answered += wave.length;
      this.waves++;
      for (const request of wave) this.peer.answer(request, this.#answerTo(request));
    }
  }

  #answerTo(request: Seen): Uint8Array {
    const { command, target } = request.header;
    const result = 0;
    if (command === readDeviceInfo.id) {
      const info = { result, major: 3, minor: 1, build: 4024, name: 'I/O Server' };
      return encoded(readDeviceInfo.response, info);
    }
    if (command === readState.id) {
      const state = { result, adsState: 5, deviceState: 0 };
      return encoded(readState.response, state);
    }
    const where = `${target.netId}:${target.port}`;
    if (command === write.id) {
      const { group, offset, bytes } = write.request.decode(new Reader(request.payload));
      this.writes.push(`${keyOf(where, { group, offset })} ${Buffer.from(bytes).toString('hex')}`);
      const refusal = this.exceptions.get(keyOf(where, { group, offset }));
      return u32s(typeof refusal === 'number' ? refusal : 0);
    }
    const place = read.request.decode(new Reader(request.payload));
    const reply = this.exceptions.get(keyOf(where, place)) ?? this.#usual(where, place);
    const answer =
      typeof reply === 'number'
        ? { result: reply, bytes: new Uint8Array(0) }
        : { result, bytes: reply.subarray(0, place.length) };
    return encoded(read.response, answer);
  }

  #usual(where: string, place: Place): Reply {
    const { group, offset } = place;
    if (where === '5.1.2.3.1.1:300') return this.#ioServer(group, offset);
    if (where === '5.1.2.3.1.1:27905') return group === 0xf00f ? u32s(0, 0, 0, 0, 0, 0) : 0x702;
    const device = this.devices.find(({ netId }) => where === `${netId}:65535`);
    return device ? masterReply(device, group, offset) : 0x702;
  }

  #ioServer(group: number, offset: number): Reply {
    if (group === 0x5000 && offset === 2) return u32s(this.devices.length);
    if (group === 0x5000 && offset === 1) {
      return u16s(this.devices.length, ...this.devices.map(({ id }) => id));
    }
    const device = this.devices.find(({ id }) => group === 0x5000 + id);
    if (device && offset === 1) return textOf(device.name);
    if (device && offset === 5) return Uint8Array.from(device.netId.split('.'), Number);
    if (device && offset === 7) return u16s(device.type);
    return 0x702;
  }
}

function masterReply({ slaves }: ScriptedDevice, group: number, offset: number): Reply {
  const slave = slaves.find(({ address }) => address === offset);
  const n = slaves.length;
  if (group === 0x03 && offset === 0x100) return u16s(8);
  if (group === 0x06) return u16s(n);
  if (group === 0x07) return u16s(...slaves.map(({ address }) => address));
  if (group === 0x09) return u16s(...slaves.map(() => 0x0008)).subarray(0, slave ? 2 : 2 * n);
  if (group === 0x0c) return u32s(1, 2, 3, 4, 5);
  if (group === 0x11 && slave) return u32s(2, 100 + slaves.indexOf(slave), 7, 8);
  if (group === 0x12) return slave ? u32s(1, 2) : u32s(...slaves.map((_, i) => i));
  if (group !== 0xf302) return 0x702;
  const index = offset >>> 16;
  const subindex = offset & 0xff;
  if (index === 0x1018) return u32s([0, 2, 65539, 1844, 0][subindex] ?? 0);
  const described = slaves[index - 0x8000];
  if (described && subindex === 2) return textOf(described.type);
  if (described && subindex === 3) return textOf(described.name);
  return 0x0602_0000;
}

function keyOf(where: string, { group, offset }: { group: number; offset: number }): string {
  return `${where} ${group.toString(16)}:${offset.toString(16)}`;
}
