import { z } from 'zod';
import { convertFile } from './bus/convert-section.ts';
import { chainFile } from './chain-file.ts';
import { iocFile } from './ioc-file.ts';
import { terminalFile } from './terminal-file.ts';

const files = {
  ioc: iocFile,
  terminal: terminalFile,
  chain: chainFile,
  converter: convertFile,
} as const;

/** The kinds of files that an operator edits. */
export type FileKind = keyof typeof files;

/** JSON Schema of a kind of file, for editors that complete and check YAML while one types. */
export function jsonSchema(kind: FileKind): object {
  return z.toJSONSchema(files[kind], { io: 'input', unrepresentable: 'any' });
}
