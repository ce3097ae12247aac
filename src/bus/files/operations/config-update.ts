import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Log, messageOf } from '../../../kernel/index.ts';
import { inputOf } from '../../commands/input.ts';
import { CommandFailure, type Operation } from '../../commands/operation.ts';
import type { FileTransfer } from '../transfer.ts';
import { typeOf } from './config-snapshot.ts';
import type { ConfigType } from './config-type.ts';
import { hasFiles } from './log-upload.ts';

const input = z.object({
  type: z.string(),
  tedgeUrl: z.string().optional(),
  remoteUrl: z.string().optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits')
    .optional(),
});

/** `config_update` of thin-edge: a new file in the place of one that configures the IOC. */
export function configUpdate(
  types: readonly ConfigType[],
  transfer: FileTransfer,
  log: Log,
): Operation {
  const names = types.filter(({ update }) => update).map(({ type }) => type);
  return {
    name: 'config_update',
    guard: 'control',
    timeLimit: 300,
    capability: ({ kind }) => (hasFiles(kind) ? { types: names } : undefined),
    subject: () => 'ioc',
    async run(given, _, signal) {
      const { type, tedgeUrl, remoteUrl, sha256 } = inputOf(input, given);
      const { update, maxBytes = Number.POSITIVE_INFINITY } = typeOf(types, type);
      if (!update) {
        throw new CommandFailure(`${type} cannot be changed, only ${names.join(', ')} can`);
      }
      const url = tedgeUrl || remoteUrl;
      if (!url) throw new CommandFailure('bad input: give tedgeUrl or remoteUrl');
      const folder = await mkdtemp(join(tmpdir(), 'twincat-ioc-update-'));
      try {
        const file = join(folder, randomUUID());
        const { bytes } = await transfer.fetch(url, file, sha256, signal);
        if (tedgeUrl) await discard(transfer, tedgeUrl, log, signal);
        if (bytes > maxBytes) {
          throw new CommandFailure(`it has ${bytes} bytes; ${type} has ${maxBytes} at most`);
        }
        return await update(file, signal);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** What stays there is no reason not to take what came. */
async function discard(
  transfer: FileTransfer,
  url: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  try {
    await transfer.discard(url, signal);
  } catch (error) {
    log.warn(`config_update: the file is not deleted: ${messageOf(error)}`);
  }
}
