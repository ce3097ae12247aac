import { CommandId, MINOR_VERSION } from '../header.ts';
import { Output } from '../output.ts';
import { writeText } from '../text.ts';
import type { Search } from './searches.ts';

/** Largest datagram that is sent (facts/ca.md section 9). */
const MOST_BYTES = 1024;
/** Answer only if you have it. */
const DONT_REPLY = 5;

/** Datagrams, each behind one VERSION with the sequence number, and how many searches are in them. */
export function searchFrames(
  searches: readonly Search[],
  frames: number,
  sequence: number,
): { readonly datagrams: readonly Uint8Array[]; readonly sent: number } {
  const datagrams: Uint8Array[] = [];
  const out = new Output();
  let sent = 0;
  const begin = () => out.message(CommandId.version, 0, 1, MINOR_VERSION, sequence, 0);
  const empty = begin() && out.length;
  for (const { cid, name } of searches) {
    const before = out.length;
    append(out, cid, name);
    if (out.length > MOST_BYTES && before > empty) {
      datagrams.push(out.bytes.slice(0, before));
      if (datagrams.length === frames) return { datagrams, sent };
      out.reset(true);
      begin();
      append(out, cid, name);
    }
    sent++;
  }
  if (out.length > empty) datagrams.push(out.pending().slice());
  return { datagrams, sent };
}

function append(out: Output, cid: number, name: string): void {
  const size = Math.ceil((Buffer.byteLength(name) + 1) / 8) * 8;
  const at = out.message(CommandId.search, size, DONT_REPLY, MINOR_VERSION, cid, cid);
  out.zero(at, size);
  writeText(out.bytes, at, size - 1, name);
}
