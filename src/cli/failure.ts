import { IocError, messageOf } from '../kernel/index.ts';

/** Runs a command; what it throws becomes one clear message on stderr and exit code 1. */
export async function orFail(command: () => void | Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${textOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** Mistakes in files begin with the file, so that editors can jump there. */
function textOf(error: unknown): string {
  const isOfFile = error instanceof IocError && error.code.endsWith('/invalid');
  return isOfFile ? error.message : `twincat-ioc: ${messageOf(error)}`;
}

/** Fires at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  return stop.signal;
}
