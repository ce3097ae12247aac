import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, realpath, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { IocError } from '../../kernel/index.ts';
import { placeDraft, writeDraft } from './draft.ts';
import { find, makeParents, measure, openFile, removeEmptyParents, unless } from './folder-walk.ts';
import { Quota, type StoreLimits } from './quota.ts';

/** What became of a file that was to be kept. */
export type Storing =
  | { readonly kind: 'stored' }
  /** A folder has its name, or a file that of a folder above it. */
  | { readonly kind: 'conflict' }
  /** Its way leads over a link, or over what is no file. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'no-room'; readonly text: string };

/** What became of a file that was to go. */
export type Removal = 'removed' | 'absent' | 'folder';

/** An open file; whoever takes it closes it. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/**
 * Files of others in a folder, within limits. A file is there as a whole or not at all, whatever
 * ends its writer; a reader of one that is replaced reads the old one to its end.
 */
export class FileStore {
  readonly #root: string;
  readonly #drafts: string;
  readonly #quota: Quota;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(root: string, drafts: string, quota: Quota) {
    this.#root = root;
    this.#drafts = drafts;
    this.#quota = quota;
  }

  /** Opens the store of a folder, made if it is not there; what an earlier process left half is gone. */
  static async open(folder: string, limits: StoreLimits): Promise<FileStore> {
    try {
      // Drafts are not below the root, so that no path leads to them.
      const drafts = join(folder, 'incoming');
      await rm(drafts, { recursive: true, force: true });
      await mkdir(drafts, { recursive: true, mode: 0o750 });
      await mkdir(join(folder, 'files'), { recursive: true, mode: 0o750 });
      const root = await realpath(join(folder, 'files'));
      const quota = new Quota(limits);
      const { files, bytes } = await measure(root);
      quota.add(files, bytes);
      return new FileStore(root, await realpath(drafts), quota);
    } catch (cause) {
      const text = `Open the folder of the file service, ${folder}; give one that this process may write to`;
      throw new IocError('files/folder', text, { cause });
    }
  }

  /** Files and bytes that are kept, those included that are on their way. */
  get usage(): { readonly files: number; readonly bytes: number } {
    const { files, bytes } = this.#quota;
    return { files, bytes };
  }

  /** Keeps a file in the place of what has its name. Rejects with what breaks its source or the disk. */
  async put(
    names: readonly string[],
    source: AsyncIterable<Uint8Array>,
    length?: number,
  ): Promise<Storing> {
    const obstacle = await this.#obstacle(names);
    if (obstacle) return obstacle;
    const { maxBytes } = this.#quota.limits;
    const room = new Room(this.#quota, length);
    if (!room.isGranted) return this.#noRoom();
    const draft = join(this.#drafts, randomUUID());
    try {
      const took = (bytes: number) => room.grow(bytes);
      await writeDraft(draft, source, { maxBytes, bytes: length, took });
      const outcome = await this.#inTurn(() => this.#place(draft, names));
      if (outcome.kind !== 'stored') room.giveBack();
      return outcome;
    } catch (error) {
      room.giveBack();
      await unlink(draft).catch(() => {});
      if (error instanceof IocError && error.code === 'files/too-large') return this.#noRoom();
      throw error;
    }
  }

  /** Opens a file for reading; undefined when there is none of that name. */
  async open(names: readonly string[]): Promise<OpenedFile | undefined> {
    if ((await find(this.#root, names)).kind !== 'file') return undefined;
    const handle = await openFile(join(this.#root, ...names));
    return handle && { handle, bytes: (await handle.stat()).size };
  }

  remove(names: readonly string[]): Promise<Removal> {
    return this.#inTurn(async () => {
      const found = await find(this.#root, names);
      if (found.kind === 'none' || found.kind === 'blocked') return 'absent';
      if (found.kind !== 'file') return 'folder';
      await unlink(join(this.#root, ...names)).catch(unless('ENOENT'));
      this.#quota.giveBack(1, found.bytes);
      await removeEmptyParents(this.#root, names);
      return 'removed';
    });
  }

  async #place(draft: string, names: readonly string[]): Promise<Storing> {
    const isClear = await makeParents(this.#root, names);
    const obstacle = isClear ? await this.#obstacle(names) : ({ kind: 'conflict' } as const);
    if (obstacle) {
      await unlink(draft);
      return obstacle;
    }
    const before = await find(this.#root, names);
    await placeDraft(draft, join(this.#root, ...names));
    if (before.kind === 'file') this.#quota.giveBack(1, before.bytes);
    return { kind: 'stored' };
  }

  async #obstacle(names: readonly string[]): Promise<Storing | undefined> {
    const { kind } = await find(this.#root, names);
    if (kind === 'foreign') return { kind: 'outside' };
    return kind === 'folder' || kind === 'blocked' ? { kind: 'conflict' } : undefined;
  }

  #noRoom(): Storing {
    const { bytes, files, limits } = this.#quota;
    const taken = `${files} of ${limits.maxFiles} files and ${bytes} of ${limits.maxBytes} bytes are taken`;
    return { kind: 'no-room', text: `${taken}; delete what is no longer needed` };
  }

  /** What changes names comes one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** What one file takes of the room: at once where its length is known, else as it comes. */
class Room {
  readonly isGranted: boolean;
  readonly #quota: Quota;
  #granted: number;
  #come = 0;

  constructor(quota: Quota, length = 0) {
    this.#quota = quota;
    this.#granted = length;
    this.isGranted = quota.take(1, length);
  }

  grow(bytes: number): void {
    this.#come += bytes;
    const more = this.#come - this.#granted;
    if (more <= 0) return;
    if (!this.#quota.take(0, more))
      throw new IocError('files/too-large', 'there is no room for it');
    this.#granted += more;
  }

  giveBack(): void {
    this.#quota.giveBack(1, this.#granted);
  }
}
