import { type FileHandle, open } from 'node:fs/promises';
import { Complaint } from './complaint.ts';
import type { Output } from './output.ts';
import type { Redirect } from './words.ts';

/** Where a command's two streams go. */
export interface Streams {
  readonly out: Output;
  readonly err: Output;
}

/** Streams of which some go to files, which are closed with it. */
export interface RedirectedStreams extends Streams, AsyncDisposable {}

/** Opens the files that a line redirects to. Throws a Complaint for one that cannot be opened. */
export async function redirected(
  streams: Streams,
  redirects: readonly Redirect[],
): Promise<RedirectedStreams> {
  const opened: FileHandle[] = [];
  const result = { ...streams };
  const close = async () => {
    for (const file of opened) await file.close();
  };
  try {
    for (const redirect of redirects) {
      const output = await fileOutput(redirect, opened);
      if (redirect.stream === 2) result.err = output;
      else result.out = output;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { ...result, [Symbol.asyncDispose]: close };
}

async function fileOutput(redirect: Redirect, opened: FileHandle[]): Promise<Output> {
  const { file, stream, mode } = redirect;
  if (stream > 2) throw new Complaint(`${stream}>: a command has streams 1 and 2 only.`);
  if (mode === 'read') throw new Complaint(`< ${file}: no command reads a file.`);
  try {
    const handle = await open(file, mode === 'append' ? 'a' : 'w');
    opened.push(handle);
    return { write: (text) => handle.writeFile(text) };
  } catch (cause) {
    throw new Complaint(`Can't open "${file}": ${reasonOf(cause)}.`, { cause });
  }
}

/** What the system has against a file, in its words: `no such file or directory`. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+),/.exec(text)?.[1] ?? text;
}
