import type { Region } from '../twincat/index.ts';

/** Equal for regions that bring the same bytes, however they are kept up to date. */
export function regionKey({ target, group, offset, length, command }: Region): string {
  const place = `${target.netId}:${target.port} ${group} ${offset} ${length}`;
  return command === undefined ? place : `${place} ${command.join()}`;
}
