import { describe, it } from 'vitest';
import { coeLayout, f32, i16, int, takeCoeValue, text } from '../../src/model/index.ts';
import { crcCounters } from '../../src/twincat/crc-counters.ts';
import { ESC_COMMAND_LENGTH, isAnswered, readRegisters } from '../../src/twincat/esc-command.ts';
import { frameCounters } from '../../src/twincat/frame-counters.ts';
import { identity } from '../../src/twincat/identity.ts';
import { deviceIdList } from '../../src/twincat/io-server.ts';
import { listOf, u16, u32 } from '../../src/twincat/plant-reader.ts';
import { topologyRecord } from '../../src/twincat/port-neighbours.ts';
import { slaveState } from '../../src/twincat/slave-state.ts';
import { codec, type Decoder, expectHarmless, FRAMES, LONG_MS, SEED } from '../support/fuzzing.ts';

const frames = { time: 7, cyclicSent: 1, cyclicLost: 2, acyclicSent: 3, acyclicLost: 4 };
const object = coeLayout(
  [int(3, false), i16, f32, text(8)].map((datatype, i) => ({ subindex: i + 15, datatype })),
);

const decoders: readonly [string, Decoder][] = [
  ['identity', codec(identity, { vendor: 2, product: 3, revision: 4, serial: 5 })],
  [
    'slave states',
    codec(
      listOf(slaveState, 3),
      [1, 2, 8].map((state) => ({ state, link: 0 })),
    ),
  ],
  ['CRC counters', codec(crcCounters, [1, 2, 3, 4])],
  ['frame counters', codec(frameCounters, frames)],
  [
    'topology',
    codec(listOf(topologyRecord, 2), [
      { address: 1001, neighbours: [0, 1002, 0, 0] },
      { address: 1002, neighbours: [1001, 0, 0, 0] },
    ]),
  ],
  ['device ids', codec(deviceIdList, [1, 2, 3])],
  ['slave addresses', codec(listOf(u16, 3), [1001, 1002, 1003])],
  ['CRC sums', codec(listOf(u32, 3), [1, 2, 3])],
  [
    'answer to a register command',
    {
      seeds: [readRegisters(1001, 0x310)],
      decode: (bytes) => bytes.length === ESC_COMMAND_LENGTH && isAnswered(bytes),
    },
  ],
  [
    'CoE object',
    {
      seeds: [new Uint8Array(20).fill(0xa5)],
      decode: (bytes) => object.map((entry) => takeCoeValue(entry, bytes)),
    },
  ],
];

describe(`${FRAMES} mutated answers of a plant (seed ${SEED})`, () => {
  it.each(decoders)('harm nothing as %s', (_, decoder) => expectHarmless(decoder), LONG_MS);
});
