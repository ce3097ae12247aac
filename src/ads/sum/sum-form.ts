import type { Codec } from '../../kernel/index.ts';
import { AdsError } from '../ads-error.ts';
import type { AmsAddress } from '../ams.ts';
import type { AdsClient } from '../client.ts';
import type { AdsResult, Command } from '../command.ts';
import { addNotification, type NotificationRequest } from '../commands/add-notification.ts';
import { deleteNotification } from '../commands/delete-notification.ts';
import { type DataAnswer, type Place, read } from '../commands/read.ts';
import { type ReadWriteRequest, readWrite } from '../commands/read-write.ts';
import { type WriteRequest, write } from '../commands/write.ts';
import { IndexGroup } from '../index-group.ts';
import {
  type SumHandle,
  sumAddAnswer,
  sumAddRequest,
  sumReadAnswer,
  sumReadRequest,
  sumReadWriteAnswer,
  sumReadWriteRequest,
  sumWords,
  sumWriteRequest,
} from './codecs.ts';

/** One kind of sum command: how many requests travel as one, and how each would travel alone. */
export interface SumForm<Req, Res extends AdsResult> {
  readonly group: number;
  /** For messages. */
  readonly name: string;
  /** The request alone, for servers without sum commands. */
  readonly single: Command<Req, Res>;
  /** Bytes that a part takes in the request. */
  asks(request: Req): number;
  /** Bytes that a part takes in the answer, at most. */
  answers(request: Req): number;
  request(parts: number): Codec<readonly Req[]>;
  response(requests: readonly Req[]): Codec<readonly Res[]>;
  /** The answer of a part that was refused with this code. */
  refused(result: number): Res;
}

const nothing = new Uint8Array(0);

export const readForm: SumForm<Place, DataAnswer> = {
  group: IndexGroup.sumRead,
  name: 'sum read',
  single: read,
  asks: () => 12,
  answers: ({ length }) => 4 + length,
  request: sumReadRequest,
  response: (requests) => copied(sumReadAnswer(requests.map(({ length }) => length))),
  refused: (result) => ({ result, bytes: nothing }),
};

export const writeForm: SumForm<WriteRequest, AdsResult> = {
  group: IndexGroup.sumWrite,
  name: 'sum write',
  single: write,
  asks: ({ bytes }) => 12 + bytes.length,
  answers: () => 4,
  request: sumWriteRequest,
  response: (requests) => results(requests.length),
  refused: (result) => ({ result }),
};

export const readWriteForm: SumForm<ReadWriteRequest, DataAnswer> = {
  group: IndexGroup.sumReadWrite,
  name: 'sum read-write',
  single: readWrite,
  asks: ({ bytes }) => 16 + bytes.length,
  answers: ({ readLength }) => 8 + readLength,
  request: sumReadWriteRequest,
  response: (requests) => copied(sumReadWriteAnswer(requests.length)),
  refused: (result) => ({ result, bytes: nothing }),
};

export const addForm: SumForm<NotificationRequest, SumHandle> = {
  group: IndexGroup.sumAddNotification,
  name: 'sum add notification',
  single: addNotification,
  asks: () => 40,
  answers: () => 8,
  request: sumAddRequest,
  response: (requests) => sumAddAnswer(requests.length),
  refused: (result) => ({ result, handle: 0 }),
};

export const deleteForm: SumForm<{ readonly handle: number }, AdsResult> = {
  group: IndexGroup.sumDeleteNotification,
  name: 'sum delete notification',
  single: deleteNotification,
  asks: () => 4,
  answers: () => 4,
  request: (parts) =>
    mapped(
      sumWords(parts),
      (handle) => ({ handle }),
      ({ handle }) => handle,
    ),
  response: (requests) => results(requests.length),
  refused: (result) => ({ result }),
};

/** Parts that failed have no bytes; those of others belong to the caller. */
function copied(codec: Codec<readonly DataAnswer[]>): Codec<readonly DataAnswer[]> {
  return mapped(
    codec,
    ({ result, bytes }) => ({ result, bytes: result === 0 ? bytes.slice() : nothing }),
    (answer) => answer,
  );
}

function results(parts: number): Codec<readonly AdsResult[]> {
  return mapped(
    sumWords(parts),
    (result) => ({ result }),
    ({ result }) => result,
  );
}

function mapped<A, B>(
  codec: Codec<readonly A[]>,
  decoding: (a: A) => B,
  encoding: (b: B) => A,
): Codec<readonly B[]> {
  return {
    encode: (w, values) => codec.encode(w, values.map(encoding)),
    decode: (r) => codec.decode(r).map(decoding),
  };
}

/** The request alone; what the server refuses is an answer, everything else rejects. */
export async function sendAlone<Req, Res extends AdsResult>(
  form: SumForm<Req, Res>,
  client: AdsClient,
  target: AmsAddress,
  request: Req,
  signal?: AbortSignal,
): Promise<Res> {
  try {
    return await client.invoke(form.single, target, request, {}, signal);
  } catch (error) {
    if (error instanceof AdsError && error.code === 'ads/refused') {
      return form.refused(error.adsCode);
    }
    throw error;
  }
}
