import { type Codec, cp1252Bytes, cp1252Text, encoded, Reader } from '../../kernel/index.ts';
import { type AmsNetId, netIdBytes } from '../ams.ts';
import { RouterTag, type TaggedBytes } from './datagram.ts';

/** Major, minor and build of TwinCAT: 3.1.4024. */
export type TwinCatVersion = {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
};

export const twinCatVersion: Codec<TwinCatVersion> = {
  encode(w, { major, minor, build }) {
    w.u8(major);
    w.u8(minor);
    w.u16(build);
  },
  decode: (r) => ({ major: r.u8(), minor: r.u8(), build: r.u16() }),
};

/** The operating system as Windows tells it; other systems answer in the same shape. */
export type OsVersion = {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** 2 is the Windows NT family, 3 is Windows CE. */
  readonly platform: number;
  /** Service pack, or the name of a system that is no Windows. */
  readonly text: string;
};

/** Bytes of the text field: 128 UTF-16 characters. */
const OS_TEXT = 256;
const OS_HEAD = 20;

/** u32 size of the struct · u32 major · u32 minor · u32 build · u32 platform · text to the end. */
export const osVersion: Codec<OsVersion> = {
  encode(w, { major, minor, build, platform, text }) {
    w.u32(OS_HEAD + OS_TEXT);
    w.u32(major);
    w.u32(minor);
    w.u32(build);
    w.u32(platform);
    const chars = Buffer.from(text, 'utf16le').subarray(0, OS_TEXT - 2);
    w.bytes(chars);
    w.zeros(OS_TEXT - chars.length);
  },
  decode(r) {
    r.skip(4);
    return {
      major: r.u32(),
      minor: r.u32(),
      build: r.u32(),
      platform: r.u32(),
      text: osText(r.rest()),
    };
  },
};

/** `Windows 10.0.19044`, `Windows CE 7.0.2864`, `TwinCAT/BSD 13.2.0`. */
export function formatOsVersion({ major, minor, build, platform, text }: OsVersion): string {
  const version = `${major}.${minor}.${build}`;
  if (platform === 2) return `Windows ${version} ${text}`.trimEnd();
  if (platform === 3) return `Windows CE ${version} ${text}`.trimEnd();
  return `${text || `platform ${platform}`} ${version}`;
}

/** UTF-16 as Windows has it, or bytes as other systems do. */
function osText(bytes: Uint8Array): string {
  if (bytes[1] !== 0 || bytes[0] === 0) return cp1252Text(bytes);
  const text = Buffer.from(bytes).toString('utf16le');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** A text and its NUL, which the length of the tag counts. */
export function textTag(id: RouterTag, text: string): TaggedBytes {
  return { id, bytes: Uint8Array.of(...cp1252Bytes(text), 0) };
}

export function netIdTag(netId: AmsNetId): TaggedBytes {
  return { id: RouterTag.netId, bytes: encoded(netIdBytes, netId) };
}

export function statusTag(errorCode: number): TaggedBytes {
  return { id: RouterTag.status, bytes: encoded(u32, errorCode) };
}

/** The tag as what it holds; undefined when it is missing or too short for that. */
export function taggedValue<T>(
  tags: readonly TaggedBytes[],
  id: RouterTag,
  codec: Codec<T>,
): T | undefined {
  const tag = tags.find((each) => each.id === id);
  try {
    return tag && codec.decode(new Reader(tag.bytes));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function taggedText(tags: readonly TaggedBytes[], id: RouterTag): string | undefined {
  const tag = tags.find((each) => each.id === id);
  return tag && cp1252Text(tag.bytes);
}

export function taggedStatus(tags: readonly TaggedBytes[]): number | undefined {
  return taggedValue(tags, RouterTag.status, u32);
}

const u32: Codec<number> = { encode: (w, n) => w.u32(n), decode: (r) => r.u32() };
