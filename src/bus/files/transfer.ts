import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { IocError } from '../../kernel/index.ts';
import { placeDraft, type Written, writeDraft } from './draft.ts';
import type { FileClient } from './file-client.ts';
import { FILES_PATH } from './file-service.ts';
import type { FileStore } from './file-store.ts';
import { filePath, pathOf } from './path.ts';
import type { Content } from './request.ts';

/** Where files of our own go, and how. */
export interface TransferOptions {
  readonly client: FileClient;
  /** `http://127.0.0.1:8000`: the service for files whose asker names no URL. */
  readonly base: string;
  /** Where the service is ours: its store, to which files go straight, and its other names. */
  readonly own?: { readonly store: FileStore; readonly bases: readonly string[] } | undefined;
  readonly maxBytes: number;
}

/** Files on their way to a file service and from one. */
export class FileTransfer {
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** The URL of a file of ours: `<entity>/<operation>/<type>-<command>`, as thin-edge has it. */
  urlFor(entity: string, operation: string, type: string, command: string): string {
    const name = `${type.replaceAll('/', ':')}-${command}`;
    return `${this.#options.base}${FILES_PATH}/${pathOf([entity, operation, name])}`;
  }

  /** Puts content under a URL. Rejects with what was tried, where, and what to do. */
  async send(url: string, content: Content, signal: AbortSignal): Promise<void> {
    const own = this.#own(url);
    if (!own) return this.#options.client.upload(url, content, signal);
    const source = addAbortSignal(signal, content.open());
    const stored = await own.store.put(own.names, source, content.bytes);
    if (stored.kind === 'stored') return;
    const why = stored.kind === 'no-room' ? stored.text : 'a folder is in the way';
    throw new IocError('files/store', `Keep ${content.bytes} bytes as ${url}: ${why}`);
  }

  /** Fetches a file to a path. */
  async fetch(
    url: string,
    path: string,
    sha256: string | undefined,
    signal: AbortSignal,
  ): Promise<Written> {
    const own = this.#own(url);
    if (!own) return this.#options.client.download(url, path, sha256, signal);
    const file = await own.store.open(own.names);
    if (!file) throw new IocError('files/store', `Take ${url}: there is no such file`);
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${randomUUID()}.part`;
    const { maxBytes } = this.#options;
    const source = addAbortSignal(signal, file.handle.createReadStream());
    const written = await writeDraft(draft, source, { maxBytes, bytes: file.bytes, sha256 });
    await placeDraft(draft, path);
    return written;
  }

  /** Deletes a file that was fetched, where it lay on a file service: who needed it deletes it. */
  async discard(url: string, signal: AbortSignal): Promise<void> {
    const own = this.#own(url);
    if (own) await own.store.remove(own.names);
    // Any other URL may be of a cloud, where the file is more than ours.
    else if (new URL(url).pathname.startsWith(`${FILES_PATH}/`)) {
      await this.#options.client.remove(url, signal);
    }
  }

  #own(url: string) {
    const { own, base } = this.#options;
    const starts = [base, ...(own?.bases ?? [])].map((each) => `${each}${FILES_PATH}/`);
    const start = starts.find((each) => url.startsWith(each));
    if (!own || start === undefined) return undefined;
    const names = filePath(url.slice(start.length).replace(/[?#].*$/s, ''));
    if (!names) throw new IocError('files/url', `${url} leads out of the file service`);
    return { store: own.store, names };
  }
}
