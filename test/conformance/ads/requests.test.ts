import { describe, expect, it } from 'vitest';
import {
  addNotification,
  amsNetId,
  amsPort,
  type Command,
  CommandId,
  encodePacket,
  IndexGroup,
  Port,
  REQUEST_FLAGS,
  read,
  readDeviceInfo,
  readState,
  readWrite,
  TransmissionMode,
  toTcp,
  write,
} from '../../../src/ads/index.ts';
import { encoded } from '../../../src/kernel/index.ts';
import { bytes, hex } from '../../ads/bytes.ts';

// facts/ads.md section 3, test vectors: target 5.166.203.208.1.1, client 192.168.1.10.1.1:8000.
const target = { netId: amsNetId('5.166.203.208.1.1'), port: Port.ioServer };
const source = { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) };

function frame(command: number, invokeId: number, payload: Uint8Array): string {
  const head = { target, source, command, stateFlags: REQUEST_FLAGS, invokeId };
  return hex(toTcp(encodePacket(head, payload)));
}

function readOf(group: number, offset: number, length: number): string {
  return hex(encoded(read.request, { group, offset, length }));
}

describe('whole AMS/TCP frames', () => {
  it('ReadDeviceInfo of port 300, invoke 1', () => {
    expect(frame(CommandId.readDeviceInfo, 1, encoded(readDeviceInfo.request, undefined))).toBe(
      '00 00 20 00 00 00 05 a6 cb d0 01 01 2c 01 c0 a8 01 0a 01 01 40 1f 01 00 04 00 ' +
        '00 00 00 00 00 00 00 00 01 00 00 00',
    );
  });

  it('ReadState of port 300, invoke 2', () => {
    expect(frame(CommandId.readState, 2, encoded(readState.request, undefined))).toBe(
      '00 00 20 00 00 00 05 a6 cb d0 01 01 2c 01 c0 a8 01 0a 01 01 40 1f 04 00 04 00 ' +
        '00 00 00 00 00 00 00 00 02 00 00 00',
    );
  });

  it('Read of the device count, invoke 3', () => {
    const payload = encoded(read.request, { group: 0x5000, offset: 2, length: 4 });
    expect(frame(CommandId.read, 3, payload)).toBe(
      '00 00 2c 00 00 00 05 a6 cb d0 01 01 2c 01 c0 a8 01 0a 01 01 40 1f 02 00 04 00 ' +
        '0c 00 00 00 00 00 00 00 03 00 00 00 00 50 00 00 02 00 00 00 04 00 00 00',
    );
  });
});

describe('payloads of Read', () => {
  it.each([
    ['device ids (1 device)', 0x5000, 1, 4, '00 50 00 00 01 00 00 00 04 00 00 00'],
    ['type of device id 1', 0x5001, 7, 2, '01 50 00 00 07 00 00 00 02 00 00 00'],
    ['name of device id 1', 0x5001, 1, 255, '01 50 00 00 01 00 00 00 ff 00 00 00'],
    ['NetId of device id 1', 0x5001, 5, 6, '01 50 00 00 05 00 00 00 06 00 00 00'],
    ['master identity sub 1', 0xf302, 0x1018_0001, 4, '02 f3 00 00 01 00 18 10 04 00 00 00'],
    ['slave count', 6, 0, 2, '06 00 00 00 00 00 00 00 02 00 00 00'],
    ['slave addresses (104)', 7, 0, 208, '07 00 00 00 00 00 00 00 d0 00 00 00'],
    ['identity of slave 1001', 0x11, 1001, 16, '11 00 00 00 e9 03 00 00 10 00 00 00'],
    ['master EtherCAT state', 3, 0x100, 2, '03 00 00 00 00 01 00 00 02 00 00 00'],
    ['all slave states (104)', 9, 0, 208, '09 00 00 00 00 00 00 00 d0 00 00 00'],
    ['state of slave 1001', 9, 1001, 2, '09 00 00 00 e9 03 00 00 02 00 00 00'],
    ['all CRC sums (104)', 0x12, 0, 416, '12 00 00 00 00 00 00 00 a0 01 00 00'],
    ['CRC ports of 1001', 0x12, 1001, 16, '12 00 00 00 e9 03 00 00 10 00 00 00'],
    ['frame counters', 0xc, 0, 20, '0c 00 00 00 00 00 00 00 14 00 00 00'],
    ['type of slave n=0', 0xf302, 0x8000_0002, 16, '02 f3 00 00 02 00 00 80 10 00 00 00'],
    ['name of slave n=0', 0xf302, 0x8000_0003, 32, '02 f3 00 00 03 00 00 80 20 00 00 00'],
    ['upload info 2', IndexGroup.symbolUploadInfo2, 0, 24, '0f f0 00 00 00 00 00 00 18 00 00 00'],
    [
      'upload (1000 bytes)',
      IndexGroup.symbolUpload,
      0,
      1000,
      '0b f0 00 00 00 00 00 00 e8 03 00 00',
    ],
    ['CoE 8000:06, one byte', 0xf302, 0x8000_0006, 1, '02 f3 00 00 06 00 00 80 01 00 00 00'],
  ])('%s', (_, group, offset, length, expected) => {
    expect(readOf(group, offset, length)).toBe(expected);
  });
});

describe('other payloads', () => {
  function decodesTo<Req>(
    command: Pick<Command<Req, never>, 'request'>,
    request: Req,
    wire: string,
  ) {
    expect(hex(encoded(command.request, request))).toBe(hex(bytes(wire)));
  }

  it('Write that resets the frame counters', () => {
    const request = { group: 0xc, offset: 0, bytes: new Uint8Array(0) };
    decodesTo(write, request, '0c 00 00 00 00 00 00 00 00 00 00 00');
  });

  it('ReadWrite for a handle by name', () => {
    decodesTo(
      readWrite,
      {
        group: IndexGroup.symbolHandleByName,
        offset: 0,
        readLength: 4,
        bytes: bytes('"Term 4 (EL2024).Channel 1" 00'),
      },
      '03 f0 00 00 00 00 00 00 04 00 00 00 1a 00 00 00 "Term 4 (EL2024).Channel 1" 00',
    );
  });

  it('AddDeviceNotification on handle 0x1000: 1 byte, server cycle, 10 ms / 10 ms', () => {
    decodesTo(
      addNotification,
      {
        group: IndexGroup.symbolValueByHandle,
        offset: 0x1000,
        length: 1,
        mode: TransmissionMode.serverCycle,
        maxDelay: 100_000,
        cycleTime: 100_000,
      },
      '05 f0 00 00 00 10 00 00 01 00 00 00 03 00 00 00 a0 86 01 00 a0 86 01 00 ' +
        '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
    );
  });

  it('sum read of (F021,3,1) and (F031,9,2)', () => {
    decodesTo(
      readWrite,
      {
        group: IndexGroup.sumRead,
        offset: 2,
        readLength: 11,
        bytes: bytes('21 f0 00 00 03 00 00 00 01 00 00 00 31 f0 00 00 09 00 00 00 02 00 00 00'),
      },
      '80 f0 00 00 02 00 00 00 0b 00 00 00 18 00 00 00 ' +
        '21 f0 00 00 03 00 00 00 01 00 00 00 31 f0 00 00 09 00 00 00 02 00 00 00',
    );
  });
});
