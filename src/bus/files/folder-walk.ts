import { constants as flags, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a path leads to; links are never followed. */
export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly bytes: number }
  /** A file, or what is neither file nor folder, stands where a folder must be. */
  | { readonly kind: 'blocked' }
  /** A link, a device, a pipe: nothing that this service made. */
  | { readonly kind: 'foreign' };

/** Follows names from a folder, looking at each step. */
export async function find(root: string, names: readonly string[]): Promise<Found> {
  let path = root;
  for (const name of names.slice(0, -1)) {
    path = join(path, name);
    const found = kindOf(await statOf(path));
    if (found.kind === 'none' || found.kind === 'foreign') return found;
    if (found.kind !== 'folder') return { kind: 'blocked' };
  }
  const last = names.at(-1);
  return last === undefined ? { kind: 'folder' } : kindOf(await statOf(join(path, last)));
}

/** Makes the folders above a file; false when something else stands in the way. */
export async function makeParents(root: string, names: readonly string[]): Promise<boolean> {
  let path = root;
  for (const name of names.slice(0, -1)) {
    path = join(path, name);
    await mkdir(path, 0o750).catch(unless('EEXIST', 'ENOTDIR'));
    if (kindOf(await statOf(path)).kind !== 'folder') return false;
  }
  return true;
}

/** Removes folders above a file that became empty. */
export async function removeEmptyParents(root: string, names: readonly string[]): Promise<void> {
  for (let depth = names.length - 1; depth > 0; depth--) {
    try {
      await rmdir(join(root, ...names.slice(0, depth)));
    } catch {
      // There is more in it, or it is gone.
      return;
    }
  }
}

/** Opens a file for reading; undefined when it is none. */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = flags;
  let handle: FileHandle;
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    unless('ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO')(error);
    return undefined;
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** Number and size of the files below a folder. */
export async function measure(root: string): Promise<{ files: number; bytes: number }> {
  const sum = { files: 0, bytes: 0 };
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    if (entry.isFile()) {
      sum.files++;
      sum.bytes += (await lstat(path)).size;
    } else if (entry.isDirectory()) {
      const below = await measure(path);
      sum.files += below.files;
      sum.bytes += below.bytes;
    }
  }
  return sum;
}

/** Passes over errors of the system with these codes. */
export function unless(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!codes.includes(code)) throw error;
  };
}

async function statOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(unless('ENOENT', 'ENOTDIR'));
}

function kindOf(stats: Stats | undefined): Found {
  if (!stats) return { kind: 'none' };
  if (stats.isDirectory()) return { kind: 'folder' };
  return stats.isFile() ? { kind: 'file', bytes: stats.size } : { kind: 'foreign' };
}
