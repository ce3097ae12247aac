import { describe, expect, it, vi } from 'vitest';
import { amsNetId, amsPort, read } from '../../src/ads/index.ts';
import { encoded, silentLog, systemClock } from '../../src/kernel/index.ts';
import { ProcessImage, Quality, u8 } from '../../src/model/index.ts';
import { newCounters, PlantMemory } from '../../src/pipeline/index.ts';
import { polled, readOnce } from '../../src/pipeline/poll.ts';
import type { Region } from '../../src/twincat/index.ts';
import { ScriptedPeer, type Seen } from '../ads/scripted-peer.ts';

const MANY = 10_000;
const DEADLINE_MS = 40_000;
const two = encoded(read.response, { result: 0, bytes: Uint8Array.of(1, 2) });

/** Regions of as many slaves, more than a client lets wait. */
function regionsOf(update: Region['update']): Region[] {
  const netId = amsNetId('5.1.2.3.2.1');
  return Array.from({ length: MANY }, (_, i) => {
    const target = { netId, port: amsPort(update === 'once' ? 1001 + i : 65535) };
    return { target, group: 0x12, offset: 1001 + i, length: 2, update };
  });
}

function linkTo(peer: ScriptedPeer) {
  const memory = new PlantMemory(new ProcessImage(), systemClock);
  const { signal } = new AbortController();
  return { client: peer.client, memory, log: silentLog, signal };
}

/** Answers every request soon, but those that the test keeps back. */
function answering(peer: ScriptedPeer, isKept: (request: Seen) => boolean = () => false): void {
  peer.onRequest = (request) => {
    if (!isKept(request)) setImmediate(() => peer.answer(request, two));
  };
}

describe('reads of regions', () => {
  it('polls any number of them, each again when its turn comes, but one whose answer is late', async () => {
    // However busy the machine is: the late one is late, not lost.
    await using peer = new ScriptedPeer({ timeoutMs: 60_000 });
    answering(peer, (request) => request === peer.requests[0]);
    const regions = regionsOf('poll');
    const heard: Region[] = [];
    const errors: unknown[] = [];
    const polls = polled(linkTo(peer), regions, 1, newCounters()).subscribe({
      next: (region) => void heard.push(region),
      error: (error) => void errors.push(error),
    });
    const twice = 2 * (MANY - 1);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(twice), DEADLINE_MS);
    const late = peer.requests[0]?.payload.join();
    expect(peer.requests.filter(({ payload }) => payload.join() === late)).toHaveLength(1);
    expect(new Set(heard).size).toBe(MANY - 1);
    expect(errors).toEqual([]);
    polls.unsubscribe();
  }, 60_000);

  it('takes a poll as failed when it failed twice in a row', async () => {
    await using peer = new ScriptedPeer();
    const link = linkTo(peer);
    const [region] = regionsOf('poll') as [Region];
    const { image } = link.memory;
    const slot = image.addSlot({
      block: link.memory.blockOf(region),
      byte: 0,
      bit: 0,
      datatype: u8,
    });
    const qualities: (number | undefined)[] = [];
    const refusals = [0, 0x705, 0, 0x705, 0x705];
    peer.onRequest = (request) => {
      qualities.push(image.quality[slot]);
      const result = refusals[peer.requests.length - 1] ?? 0;
      const bytes = result === 0 ? Uint8Array.of(1, 2) : new Uint8Array(0);
      setImmediate(() => peer.answer(request, encoded(read.response, { result, bytes })));
    };
    const polls = polled(link, [region], 0.01, newCounters()).subscribe();
    await vi.waitFor(() => expect(qualities.length).toBeGreaterThan(6), DEADLINE_MS);
    polls.unsubscribe();
    const { never, good, bad } = Quality;
    expect(qualities.slice(0, 7)).toEqual([never, good, good, good, good, bad, good]);
  });

  it('takes no answer that means nothing any more', async () => {
    await using peer = new ScriptedPeer();
    answering(peer);
    const [region] = regionsOf('poll') as [Region];
    const link = { ...linkTo(peer), isVoid: () => true };
    const { image } = link.memory;
    const slot = image.addSlot({
      block: link.memory.blockOf(region),
      byte: 0,
      bit: 0,
      datatype: u8,
    });
    const done = vi.fn();
    readOnce(link, [region], newCounters()).subscribe({ complete: done });
    await vi.waitFor(() => expect(done).toHaveBeenCalled(), DEADLINE_MS);
    expect(image.quality[slot]).toBe(Quality.never);
  });

  it('reads the mailboxes of any number of slaves once', async () => {
    await using peer = new ScriptedPeer();
    answering(peer);
    const link = linkTo(peer);
    const regions = regionsOf('once');
    const slots = regions.map((region) => {
      const block = link.memory.blockOf(region);
      const datatype = { kind: 'int', bits: 16, signed: false } as const;
      return link.memory.image.addSlot({ block, byte: 0, bit: 0, datatype });
    });
    const done = vi.fn();
    readOnce(link, regions, newCounters()).subscribe({ complete: done });
    await vi.waitFor(() => expect(done).toHaveBeenCalled(), DEADLINE_MS);
    expect(slots.every((slot) => link.memory.image.quality[slot] === Quality.good)).toBe(true);
  });
});
