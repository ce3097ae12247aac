import { describe, expect, it } from 'vitest';
import {
  AdsDataType,
  AMS_TCP_HEADER,
  addNotification,
  amsNetId,
  amsTcpRule,
  type Command,
  DataTypeFlag,
  dataTypeEntry,
  decodeDataTypes,
  decodePacket,
  decodeSymbols,
  deleteNotification,
  deviceNotification,
  encodePacket,
  formatPeerInfo,
  netIdTag,
  osVersion,
  Port,
  parsePeerInfo,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  RouterTag,
  read,
  readDeviceInfo,
  readState,
  readWrite,
  routerDatagram,
  scanNotifications,
  statusTag,
  sumAddAnswer,
  sumAddRequest,
  sumReadAnswer,
  sumReadRequest,
  sumReadWriteAnswer,
  sumReadWriteRequest,
  sumWords,
  sumWriteRequest,
  symbolEntry,
  textTag,
  toTcp,
  twinCatVersion,
  uploadInfo,
  write,
  writeControl,
} from '../../src/ads/index.ts';
import { frameOf } from '../../src/ads/transport/mqtt-frame.ts';
import { encoded, Framer, MalformedFrame, parseXml } from '../../src/kernel/index.ts';
import { codec, type Decoder, expectHarmless, FRAMES, LONG_MS, SEED } from '../support/fuzzing.ts';
import { Mutator } from './mutations.ts';
import { ourAddress, ScriptedPeer } from './scripted-peer.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: Port.ioSymbols };
const some = Uint8Array.from({ length: 20 }, (_, i) => i);

function command<Req, Res extends { readonly result: number }>(
  { name, request, response }: Command<Req, Res>,
  question: Req,
  ...answers: readonly Res[]
): [string, Decoder][] {
  return [
    [`${name} request`, codec(request, question)],
    [`${name} response`, codec(response, ...answers)],
  ];
}

const place = { group: 0xf020, offset: 4, length: 8 };
const notification = { ...place, mode: 4, maxDelay: 0, cycleTime: 100_000 };
const texts = { comment: 'a comment', arrayDimensions: [{ lowerBound: -1, length: 3 }] };
const symbol = { ...texts, name: 'Term 4.Value', typeName: 'INT', group: 0xf020, offset: 0 };
const member = { ...texts, name: 'Value', typeName: 'INT', size: 2, offset: 2, dataType: 2 };
const named = { attributes: [{ name: 'a', value: 'b' }], enumMembers: [{ name: 'on', value: 1n }] };
const dataType = {
  ...member,
  ...named,
  dataType: AdsDataType.bigType,
  flags: DataTypeFlag.dataType,
  members: [{ ...member, ...named, flags: DataTypeFlag.dataItem, members: [] }],
};
const stamps = [
  { time: { low: 1, high: 2 }, samples: [{ handle: 7, bytes: some }] },
  { time: { low: 3, high: 4 }, samples: [{ handle: 7, bytes: some.subarray(4) }] },
];
const head = { target: ourAddress, source: target, command: 2, invokeId: 1 };
const packet = encodePacket({ ...head, stateFlags: RESPONSE_FLAGS }, some);
const notificationFrame = encodePacket(
  { ...head, command: 8, stateFlags: REQUEST_FLAGS },
  encoded(deviceNotification, stamps),
);
const table = (entry: Uint8Array) => Uint8Array.from([...entry, ...entry, ...entry]);
const info = { symbolCount: 1, symbolBytes: 61, dataTypeCount: 1, dataTypeBytes: 100 };
const os = { major: 10, minor: 0, build: 19044, platform: 2, text: 'SP' };
const data = { result: 0, bytes: some };
const ignore = { stamp: () => {}, sample: () => {} };

const decoders: readonly [string, Decoder][] = [
  ['AMS packet', { seeds: [packet], decode: decodePacket }],
  [
    'AMS/TCP stream',
    {
      seeds: [table(toTcp(packet))],
      decode: (bytes) => new Framer(amsTcpRule).push(bytes, decodeFrame),
    },
  ],
  ...command(readDeviceInfo, undefined, { result: 0, major: 3, minor: 1, build: 1, name: 'IO' }),
  ...command(readState, undefined, { result: 0, adsState: 5, deviceState: 0 }),
  ...command(read, place, data, { result: 0x702, bytes: some }),
  ...command(write, { ...place, bytes: some }, { result: 0 }),
  ...command(readWrite, { ...place, readLength: 4, bytes: some }, data),
  ...command(writeControl, { adsState: 5, deviceState: 0, bytes: some }, { result: 0 }),
  ...command(addNotification, notification, { result: 0, handle: 9 }),
  ...command(deleteNotification, { handle: 9 }, { result: 0 }),
  ['device notification', codec(deviceNotification, stamps)],
  [
    'notification scan',
    { seeds: [encoded(deviceNotification, stamps)], decode: (b) => scanNotifications(b, ignore) },
  ],
  [
    'symbol table',
    {
      seeds: [table(encoded(symbolEntry, { ...symbol, size: 2, dataType: 2, flags: 0 }))],
      decode: decodeSymbols,
    },
  ],
  [
    'data type table',
    { seeds: [table(encoded(dataTypeEntry, dataType))], decode: decodeDataTypes },
  ],
  ['upload info', codec(uploadInfo, info)],
  ['sum read request', codec(sumReadRequest(2), [place, place])],
  ['sum read answer', codec(sumReadAnswer([20, 20]), [data, data])],
  ['sum write request', codec(sumWriteRequest(1), [{ ...place, bytes: some }])],
  [
    'sum read-write request',
    codec(sumReadWriteRequest(1), [{ ...place, readLength: 4, bytes: some }]),
  ],
  ['sum read-write answer', codec(sumReadWriteAnswer(2), [data, data])],
  ['sum add request', codec(sumAddRequest(2), [notification, notification])],
  [
    'sum add answer',
    codec(
      sumAddAnswer(2),
      [0, 1].map((handle) => ({ result: 0, handle })),
    ),
  ],
  ['sum words', codec(sumWords(4), [1, 2, 3, 4])],
  [
    'router datagram',
    codec(routerDatagram, {
      invokeId: 1,
      service: 6,
      sender: target,
      tags: [textTag(RouterTag.routeName, 'ws1'), netIdTag(target.netId), statusTag(0)],
    }),
  ],
  ['OS version', codec(osVersion, os)],
  ['TwinCAT version', codec(twinCatVersion, { major: 3, minor: 1, build: 4024 })],
  [
    'info of a peer',
    {
      seeds: [Buffer.from(formatPeerInfo({ online: true, name: 'A&B', tcVersion: '3.1.4026.10' }))],
      decode: parsePeerInfo,
    },
  ],
  [
    'XML document',
    {
      seeds: [
        Buffer.from('<?xml version="1.0"?><a b="&#65;"><!-- c --><d><![CDATA[e]]>&lt;</d></a>'),
      ],
      decode: (bytes) => parseXml(Buffer.from(bytes).toString()),
    },
  ],
  ['MQTT message', { seeds: [packet, toTcp(packet)], decode: (bytes) => frameOf(bytes, true) }],
];

function decodeFrame(frame: Uint8Array): void {
  decodePacket(frame.subarray(AMS_TCP_HEADER));
}

describe(`${FRAMES} mutated frames (seed ${SEED})`, () => {
  it.each(decoders)('harm nothing as %s', (_, decoder) => expectHarmless(decoder), LONG_MS);

  it(
    'harm no client: it counts them, and what is whole still arrives',
    () => {
      const peer = new ScriptedPeer();
      const mutator = new Mutator(SEED);
      let frames = 0;
      peer.client.notifications$.subscribe(({ payload }) => {
        frames++;
        try {
          scanNotifications(payload, ignore);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame);
        }
      });
      for (let i = 0; i < FRAMES; i++) {
        peer.client.receive(mutator.mutate(i % 2 === 0 ? packet : notificationFrame));
      }
      const { malformed, unmatched, notificationFrames } = peer.client.counters;
      expect(malformed + unmatched + notificationFrames).toBe(FRAMES);
      const soFar = frames;
      peer.client.receive(notificationFrame);
      expect(frames).toBe(soFar + 1);
    },
    LONG_MS,
  );
});
