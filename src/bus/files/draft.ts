import { createHash } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IocError, syncFolder } from '../../kernel/index.ts';

/** What must be true of a file that comes in a stream. */
export interface DraftRules {
  readonly maxBytes: number;
  /** How long it was said to be. */
  readonly bytes?: number | undefined;
  /** Hex digits. */
  readonly sha256?: string | undefined;
  /** Hears of each piece before it is written; may throw. */
  readonly took?: (bytes: number) => void;
}

/** A file that came whole. */
export interface Written {
  readonly bytes: number;
  /** Hex digits. */
  readonly sha256: string;
}

/**
 * Streams into a new file, which is on the disk when this resolves, and gone when it rejects: with
 * what the source or the disk says, or with what is not as the rules want it.
 */
export async function writeDraft(
  draft: string,
  source: AsyncIterable<Uint8Array>,
  rules: DraftRules,
): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(draft, 'wx', 0o640);
  try {
    try {
      for await (const piece of source) {
        bytes += piece.length;
        if (bytes > rules.maxBytes) throw tooLarge(rules.maxBytes);
        rules.took?.(piece.length);
        hash.update(piece);
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const written = { bytes, sha256: hash.digest('hex') };
    check(written, rules);
    return written;
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

/** Gives a draft its name in the place of what has it; both are on one disk. */
export async function placeDraft(draft: string, path: string): Promise<void> {
  await rename(draft, path);
  await syncFolder(dirname(path));
}

function check(written: Written, { bytes, sha256 }: DraftRules): void {
  if (bytes !== undefined && written.bytes !== bytes) {
    const text = `${written.bytes} of ${bytes} bytes came`;
    throw new IocError('files/broken-off', text);
  }
  if (sha256 !== undefined && written.sha256 !== sha256.toLowerCase()) {
    const text = `its SHA-256 is ${written.sha256}, not ${sha256}; it is not the file that was meant`;
    throw new IocError('files/checksum', text);
  }
}

function tooLarge(maxBytes: number): IocError {
  return new IocError('files/too-large', `it is larger than ${maxBytes} bytes`);
}
