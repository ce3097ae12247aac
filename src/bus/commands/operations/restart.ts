import { z } from 'zod';
import { inputOf } from '../input.ts';
import { CommandFailure, leftToNext, type Operation } from '../operation.ts';
import type { PlantAccess } from '../plant-access.ts';

const input = z.object({ mode: z.enum(['run', 'config']).default('run') });

/** What can be restarted. */
export interface RestartMeans {
  readonly plants: Pick<PlantAccess, 'setSystem'>;
  /** Ends this process so that its supervisor starts it again; undefined where nobody would. */
  readonly restartIoc: (() => void) | undefined;
}

/**
 * Restarts the IOC, which its next process says was done; or the TwinCAT system of a server, to run or
 * to config, which is over once TwinCAT took it.
 */
export function restart({ plants, restartIoc }: RestartMeans): Operation {
  return {
    name: 'restart',
    guard: 'control',
    capability: ({ kind }) => {
      if (kind === 'ioc') return restartIoc && {};
      return kind === 'server' ? { modes: ['run', 'config'] } : undefined;
    },
    async run(given, { entity }, signal) {
      if (entity.kind === 'server') {
        const { mode } = inputOf(input, given);
        await plants.setSystem(entity, mode, signal);
        return { mode };
      }
      if (entity.kind !== 'ioc') throw new CommandFailure(`${entity.id} cannot be restarted`);
      if (!restartIoc) throw new CommandFailure('nobody would start this IOC again');
      restartIoc();
      return leftToNext;
    },
    async settle(_, { entity }) {
      // Somebody started us: that is all that was asked.
      if (entity.kind === 'ioc') return { status: 'successful' };
      return { status: 'failed', reason: 'interrupted, state unknown' };
    },
  };
}
