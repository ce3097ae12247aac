import type { Exchange } from '../http/exchange.ts';
import { HttpRefusal } from '../http/refusal.ts';
import type { Route } from '../http/server.ts';
import type { FileStore } from './file-store.ts';
import { filePath } from './path.ts';

/** Where the file transfer service of thin-edge is. */
export const FILES_PATH = '/te/v1/files';

const METHODS = 'GET, HEAD, PUT, DELETE';

/** The file transfer service of thin-edge: PUT, GET and DELETE of the files of a store. */
export function fileService(store: FileStore): Route {
  return {
    path: FILES_PATH,
    async answer(exchange) {
      // Tells no more of what is outside than that it is not here.
      const names = filePath(exchange.path);
      if (!names) throw notFound();
      switch (exchange.method) {
        case 'PUT':
          return put(store, names, exchange);
        case 'GET':
        case 'HEAD':
          return get(store, names, exchange);
        case 'DELETE':
          return remove(store, names, exchange);
        default:
          throw new HttpRefusal(405, `a file takes ${METHODS}`, { allow: METHODS });
      }
    },
  };
}

async function put(store: FileStore, names: readonly string[], exchange: Exchange): Promise<void> {
  const outcome = await store.put(names, exchange.body(), exchange.length);
  switch (outcome.kind) {
    case 'stored':
      return exchange.answer(201);
    case 'conflict':
      throw new HttpRefusal(409, 'a folder has this name, or a file that of a folder above it');
    case 'outside':
      throw notFound();
    case 'no-room':
      throw new HttpRefusal(507, outcome.text);
  }
}

async function get(store: FileStore, names: readonly string[], exchange: Exchange): Promise<void> {
  const file = await store.open(names);
  if (!file) throw notFound();
  await exchange.send(file);
}

async function remove(
  store: FileStore,
  names: readonly string[],
  exchange: Exchange,
): Promise<void> {
  if ((await store.remove(names)) === 'folder') throw notFound();
  exchange.answer(202);
}

function notFound(): HttpRefusal {
  return new HttpRefusal(404, 'there is no such file');
}
