import type { Command } from '../command.ts';

/** Commands that size what here grows as it must, within bounds of its own. */
const sizing: Readonly<Record<string, string>> = {
  callbackSetQueueSize: 'there are no callback queues',
  callbackParallelThreads: 'records process in one thread',
  scanOnceSetQueueSize: 'there is no scan-once queue',
  dbPvdTableSize: 'the directory of names grows as it must',
  errlogInit: 'messages go to the log at once',
  errlogInit2: 'messages go to the log at once',
};

/** Accepted, so that start-up files of other IOCs run; `help` says why there is nothing to do. */
export const sizeCommands: readonly Command[] = Object.entries(sizing).map(([name, why]) => ({
  name,
  parameters: [{ name: 'size ...', kind: 'rest' }],
  usage: `Accepted, without effect: ${why}.`,
  run: () => undefined,
}));
