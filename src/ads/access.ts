import type { AmsAddress } from './ams.ts';
import { addNotification, type NotificationRequest } from './commands/add-notification.ts';
import { deleteNotification } from './commands/delete-notification.ts';
import { type Place, read } from './commands/read.ts';
import { readWrite } from './commands/read-write.ts';
import { write } from './commands/write.ts';
import type { Invoker } from './lane.ts';

/** The bytes of a place, owned by the caller; they may be fewer than `place.length`. */
export async function readBytes(
  client: Invoker,
  target: AmsAddress,
  place: Place,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return (await client.invoke(read, target, place, {}, signal)).bytes;
}

export async function writeBytes(
  client: Invoker,
  target: AmsAddress,
  place: { readonly group: number; readonly offset: number },
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  await client.invoke(write, target, { ...place, bytes }, {}, signal);
}

/** Writes `bytes` to a place and returns what it answers, at most `place.length` bytes. */
export async function exchangeBytes(
  client: Invoker,
  target: AmsAddress,
  place: Place,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { group, offset, length: readLength } = place;
  const request = { group, offset, readLength, bytes };
  return (await client.invoke(readWrite, target, request, {}, signal)).bytes;
}

/** Subscribes to a place; returns the handle under which samples arrive from `target`. */
export async function subscribe(
  client: Invoker,
  target: AmsAddress,
  request: NotificationRequest,
  signal?: AbortSignal,
): Promise<number> {
  return (await client.invoke(addNotification, target, request, {}, signal)).handle;
}

export async function unsubscribe(
  client: Invoker,
  target: AmsAddress,
  handle: number,
  signal?: AbortSignal,
): Promise<void> {
  await client.invoke(deleteNotification, target, { handle }, {}, signal);
}
