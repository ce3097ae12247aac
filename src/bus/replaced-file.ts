import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../kernel/index.ts';

/**
 * Puts contents in the place of a file so that a crash at any moment leaves the old ones or the new
 * ones: a draft beside it is on the disk before it takes the name.
 */
export async function replaceFile(
  path: string,
  contents: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const draft = `${path}.new`;
  try {
    const file = await open(draft, 'w', mode);
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
