import { z } from 'zod';
import { inputOf } from '../../commands/input.ts';
import { CommandFailure, type Operation } from '../../commands/operation.ts';
import { textContent } from '../content.ts';
import type { FileTransfer } from '../transfer.ts';
import { type LogSource, selected } from './log-source.ts';

/** RFC 3339, as ms since 1970. */
const time = z.string().transform((text, context) => {
  const at = /^\d{4}-\d\d-\d\d[Tt ]/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not a time such as 2026-07-29T13:05:07Z`,
  });
  return z.NEVER;
});

const input = z.object({
  type: z.string(),
  tedgeUrl: z.string().optional(),
  dateFrom: time.optional(),
  dateTo: time.optional(),
  searchText: z.string().optional(),
  lines: z.int().min(1).max(1_000_000).default(1000),
});

/** `log_upload` of thin-edge: the newest lines of a log as a file. */
export function logUpload(logs: readonly LogSource[], transfer: FileTransfer): Operation {
  const types = logs.map(({ type }) => type);
  return {
    name: 'log_upload',
    guard: 'read',
    timeLimit: 300,
    capability: ({ kind }) => (hasFiles(kind) ? { types } : undefined),
    async run(given, { id, entity }, signal) {
      const { type, tedgeUrl, dateFrom, dateTo, searchText, lines } = inputOf(input, given);
      const log = logs.find((each) => each.type === type);
      if (!log)
        throw new CommandFailure(`there is no log "${type}"; there are ${types.join(', ')}`);
      const text = await selected(log.read(entity), {
        from: dateFrom ?? Number.NEGATIVE_INFINITY,
        to: dateTo ?? Number.POSITIVE_INFINITY,
        ...{ text: searchText ?? '', lines },
      });
      const url = tedgeUrl || transfer.urlFor(entity.id, 'log_upload', type, id);
      await transfer.send(url, textContent(text), signal);
      return { tedgeUrl: url };
    },
  };
}

/** Servers and the IOC itself have files; terminals and links have none. */
export function hasFiles(kind: string): boolean {
  return kind === 'ioc' || kind === 'server';
}
