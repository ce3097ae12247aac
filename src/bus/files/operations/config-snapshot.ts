import { z } from 'zod';
import { inputOf } from '../../commands/input.ts';
import { CommandFailure, type Operation } from '../../commands/operation.ts';
import type { FileTransfer } from '../transfer.ts';
import type { ConfigType } from './config-type.ts';
import { hasFiles } from './log-upload.ts';

const input = z.object({ type: z.string(), tedgeUrl: z.string().optional() });

/** `config_snapshot` of thin-edge: a file that configures the IOC, or tells how it is configured. */
export function configSnapshot(types: readonly ConfigType[], transfer: FileTransfer): Operation {
  return {
    name: 'config_snapshot',
    guard: 'read',
    timeLimit: 300,
    capability: ({ kind }) =>
      hasFiles(kind) ? { types: types.map(({ type }) => type) } : undefined,
    async run(given, { id, entity }, signal) {
      const { type, tedgeUrl } = inputOf(input, given);
      const { content, path } = await typeOf(types, type).snapshot(entity, signal);
      const url = tedgeUrl || transfer.urlFor(entity.id, 'config_snapshot', type, id);
      await transfer.send(url, content, signal);
      return { tedgeUrl: url, ...(path !== undefined && { path }) };
    },
  };
}

/** The type of a name; throws a `CommandFailure` that says which there are. */
export function typeOf(types: readonly ConfigType[], name: string): ConfigType {
  const found = types.find(({ type }) => type === name);
  if (found) return found;
  const known = types.map(({ type }) => type).join(', ');
  throw new CommandFailure(`there is no configuration "${name}"; there are ${known}`);
}
