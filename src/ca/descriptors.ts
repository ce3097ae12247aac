import { readFileSync } from 'node:fs';

/** Descriptors that are not for clients: files, logs, the plant, other servers. */
const RESERVED = 64;

/**
 * Circuits that this process can hold without taking the descriptors of everything else; as many as
 * wished where the limit is not known.
 */
export function affordableCircuits(wished: number): number {
  const limit = openFileLimit();
  return limit === undefined ? wished : Math.max(1, Math.min(wished, limit - RESERVED));
}

function openFileLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    // Not Linux.
    return undefined;
  }
}
