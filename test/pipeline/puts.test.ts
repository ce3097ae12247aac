import { lastValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort, write } from '../../src/ads/index.ts';
import { encoded, Reader, silentLog, systemClock } from '../../src/kernel/index.ts';
import { ProcessImage, type Slot, u16 } from '../../src/model/index.ts';
import { newCounters, PlantMemory } from '../../src/pipeline/index.ts';
import { type Outlet, sendPuts } from '../../src/pipeline/puts.ts';
import { PlantWriter } from '../../src/pipeline/writer.ts';
import type { PutOutcome } from '../../src/records/index.ts';
import type { PlantFacts, PlantRequest } from '../../src/twincat/index.ts';
import { ScriptedPeer } from '../ads/scripted-peer.ts';

const target = { netId: amsNetId('5.1.2.3.2.1'), port: amsPort(65535) };
const slot = 1 as Slot;
const request: PlantRequest = {
  kind: 'write-value',
  write: { target, group: 3, offset: 0, length: 2 },
  otherwise: { target, group: 3, offset: 0x100, length: 2 },
};
const facts: PlantFacts = {
  systemNetId: amsNetId('5.1.2.3.1.1'),
  server: { name: 'I/O Server', major: 3, minor: 1, build: 4024 },
  symbolPort: amsPort(27905),
  ...{ symbols: [], dataTypes: [], devices: [] },
};

/** Puts 4 to a plant that answers writes to offset 0 so: what came of it, and where it was written. */
async function put(result: number) {
  await using peer = new ScriptedPeer();
  const offsets: number[] = [];
  peer.onRequest = (seen) => {
    const { offset, bytes } = write.request.decode(new Reader(seen.payload));
    expect([...bytes]).toEqual([4, 0]);
    offsets.push(offset);
    peer.answer(seen, encoded(write.response, { result: offset === 0 ? result : 0 }));
  };
  const memory = new PlantMemory(new ProcessImage(), systemClock);
  const { signal } = new AbortController();
  const link = { client: peer.client, memory, log: silentLog, signal };
  const counters = newCounters();
  const outlet: Outlet = {
    ...{ link, counters, writer: new PlantWriter(link, facts, new Map()) },
    outputs: new Map([[slot, { kind: 'command', datatype: u16, request }]]),
    refusal: () => undefined,
    distrust: () => {},
    rescan: async () => {},
    took: () => {},
  };
  let outcome: PutOutcome | undefined;
  const settle = (how: PutOutcome) => {
    outcome = how;
  };
  await lastValueFrom(sendPuts(of({ slot, value: 4, settle }), () => outlet));
  return { outcome, offsets };
}

describe('a command whose place is not sure', () => {
  it('goes to the first one', async () => {
    expect(await put(0)).toEqual({ outcome: { kind: 'done' }, offsets: [0] });
  });

  it('goes to the other one where the first is refused', async () => {
    expect(await put(0x703)).toEqual({ outcome: { kind: 'done' }, offsets: [0, 0x100] });
  });
});
