import type { Codec, Reader, Writer } from '../../kernel/index.ts';
import { type AmsAddress, amsAddress } from '../ams.ts';

/** UDP port on which AMS routers are found and their routes kept (facts/ads.md section 4). */
export const ROUTER_UDP_PORT = 48899;

/** What a datagram asks; the answer carries the same number with `ROUTER_ANSWER` set. */
export const RouterService = {
  discover: 0x0001,
  addRoute: 0x0006,
  deleteRoute: 0xb001,
} as const;
export type RouterService = (typeof RouterService)[keyof typeof RouterService];

/** Bit of the service id of an answer. */
export const ROUTER_ANSWER = 0x8000_0000;

/** Ids of the tags that are known here. */
export const RouterTag = {
  /** u32 ADS error of an answer. */
  status: 1,
  password: 2,
  /** u8 major, u8 minor, u16 build of TwinCAT. */
  twinCatVersion: 3,
  /** See `osVersionText`. */
  osVersion: 4,
  /** Name of the computer that answers, or name or address of the one that asks for a route. */
  host: 5,
  /** The NetId of a route. */
  netId: 7,
  routeName: 12,
  user: 13,
  fingerprint: 18,
} as const;
export type RouterTag = (typeof RouterTag)[keyof typeof RouterTag];

/** A tag of any id, known or not; decoded bytes are a view of the datagram. */
export type TaggedBytes = { readonly id: number; readonly bytes: Uint8Array };

/** One datagram of the router protocol, in either direction. */
export type RouterDatagram = {
  readonly invokeId: number;
  /** A `RouterService`, with `ROUTER_ANSWER` in answers, or whatever a foreign peer sent. */
  readonly service: number;
  /** Who sends it. Routers use port 10000; requests may say anything. */
  readonly sender: AmsAddress;
  readonly tags: readonly TaggedBytes[];
};

const COOKIE = 0x7114_6603;
const DELETE_ROUTE_ANSWER = (RouterService.deleteRoute | ROUTER_ANSWER) >>> 0;

/** Throws RangeError for bytes that do not begin with the cookie, or end before their tags do. */
export const routerDatagram: Codec<RouterDatagram> = {
  encode(w, { invokeId, service, sender, tags }) {
    w.u32(COOKIE);
    w.u32(invokeId);
    w.u32(service);
    amsAddress.encode(w, sender);
    const status = service === DELETE_ROUTE_ANSWER ? bareStatus(tags) : undefined;
    if (status) return w.bytes(status);
    w.u32(tags.length);
    for (const tag of tags) encodeTag(w, tag);
  },
  decode(r) {
    const cookie = r.u32();
    if (cookie !== COOKIE) throw new RangeError(`cookie 0x${cookie.toString(16)}`);
    const invokeId = r.u32();
    const service = r.u32();
    const sender = amsAddress.decode(r);
    if (service === DELETE_ROUTE_ANSWER && r.remaining === 4) {
      return { invokeId, service, sender, tags: [{ id: RouterTag.status, bytes: r.borrow(4) }] };
    }
    return { invokeId, service, sender, tags: decodeTags(r) };
  },
};

/**
 * The answer to "delete route" has its status where the count of the tags would be (facts/ads.md
 * section 4); here it is a tag as in every other answer. Answers with tags are understood too.
 */
function bareStatus(tags: readonly TaggedBytes[]): Uint8Array | undefined {
  const [tag, ...others] = tags;
  const bare = tag?.id === RouterTag.status && tag.bytes.length === 4 && others.length === 0;
  return bare ? tag.bytes : undefined;
}

function encodeTag(w: Writer, { id, bytes }: TaggedBytes): void {
  w.u16(id);
  w.u16(bytes.length);
  w.bytes(bytes);
}

function decodeTags(r: Reader): TaggedBytes[] {
  const tags: TaggedBytes[] = [];
  for (let left = r.u32(); left > 0; left--) {
    tags.push({ id: r.u16(), bytes: r.borrow(r.u16()) });
  }
  return tags;
}
