import {
  type AmsHeader,
  addNotification,
  CommandId,
  type DataAnswer,
  deleteNotification,
  IndexGroup,
  type ReadWriteRequest,
  read,
  readDeviceInfo,
  readState,
  readWrite,
  write,
  writeControl,
} from '../ads/index.ts';
import { type Codec, encoded, Reader } from '../kernel/index.ts';
import { Result } from './refusal.ts';
import { add, dataOf, readFrom, readWriteOn, resultOf, type Service } from './service.ts';
import { sum } from './sum.ts';

/** The payload of an answer, or the AMS error that stands in its header instead. */
export type Answer = { readonly payload: Uint8Array; readonly errorCode: number };

/** Answers one request (facts/ads.md section 3). */
export function answer(service: Service, header: AmsHeader, payload: Uint8Array): Answer {
  try {
    return execute(service, header.command, new Reader(payload));
  } catch (cause) {
    // The payload ends before the request does.
    if (cause instanceof RangeError) return failed(Result.invalidAmsLength);
    throw cause;
  }
}

/** An answer that has no more than an AMS error. */
export function failed(errorCode: number): Answer {
  return { payload: new Uint8Array(0), errorCode };
}

function execute(service: Service, command: number, r: Reader): Answer {
  const { device } = service;
  switch (command) {
    case CommandId.readDeviceInfo:
      return answered(readDeviceInfo.response, { ...device.info(), result: 0 });
    case CommandId.readState:
      return answered(readState.response, { ...device.state(), result: 0 });
    case CommandId.read:
      return answered(read.response, readFrom(service, read.request.decode(r)));
    case CommandId.write:
      return answered(write.response, { result: writeTo(service, r) });
    case CommandId.readWrite:
      return answered(readWrite.response, exchange(service, readWrite.request.decode(r)));
    case CommandId.writeControl:
      return answered(writeControl.response, { result: control(service, r) });
    case CommandId.addNotification:
      return answered(addNotification.response, add(service, addNotification.request.decode(r)));
    case CommandId.deleteNotification:
      return answered(deleteNotification.response, { result: remove(service, r) });
    default:
      return failed(Result.unknownCommand);
  }
}

function writeTo({ device }: Service, r: Reader): number {
  const { group, offset, bytes } = write.request.decode(r);
  return resultOf(() => device.write(group, offset, bytes));
}

function control({ device }: Service, r: Reader): number {
  const { adsState, deviceState } = writeControl.request.decode(r);
  return resultOf(() => device.writeControl(adsState, deviceState));
}

function remove(service: Service, r: Reader): number {
  const { handle } = deleteNotification.request.decode(r);
  return resultOf(() => service.subscribers.delete(service, handle));
}

/** ReadWrite, which carries sum commands too. */
function exchange(service: Service, request: ReadWriteRequest): DataAnswer {
  const { group } = request;
  const isSum = group >= IndexGroup.sumRead && group <= IndexGroup.sumDeleteNotification;
  if (isSum && service.sums) return dataOf(() => sum(service, request));
  return readWriteOn(service, request);
}

function answered<T>(codec: Codec<T>, value: T): Answer {
  return { payload: encoded(codec, value), errorCode: 0 };
}
