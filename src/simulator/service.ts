import {
  AdsError,
  type DataAnswer,
  type NotificationRequest,
  type Place,
  type ReadWriteRequest,
} from '../ads/index.ts';
import type { Dialogue, Subscribers } from './subscribers.ts';

/** A server as one client port sees it. */
export interface Service extends Dialogue {
  /** Whether the server takes sum commands. */
  readonly sums: boolean;
  readonly subscribers: Subscribers;
}

/** Read, as command and as part of a sum. */
export function readFrom({ device }: Service, place: Place): DataAnswer {
  return dataOf(() => device.read(place));
}

/** ReadWrite, as command and as part of a sum; there is no sum of sums. */
export function readWriteOn({ device }: Service, request: ReadWriteRequest): DataAnswer {
  return dataOf(() => device.readWrite(request));
}

/** AddDeviceNotification, as command and as part of a sum. */
export function add(
  service: Service,
  request: NotificationRequest,
): { readonly result: number; readonly handle: number } {
  let handle = 0;
  const result = resultOf(() => {
    handle = service.subscribers.add(service, request);
  });
  return { result, handle };
}

/** What the work returns, or nothing and the code of what the server refused. */
export function dataOf(work: () => Uint8Array): DataAnswer {
  let bytes: Uint8Array = new Uint8Array(0);
  const result = resultOf(() => {
    bytes = work();
  });
  return { result, bytes };
}

/** 0, or the code of what the server refused. */
export function resultOf(work: () => void): number {
  try {
    work();
    return 0;
  } catch (refusal) {
    if (refusal instanceof AdsError) return refusal.adsCode;
    throw refusal;
  }
}
