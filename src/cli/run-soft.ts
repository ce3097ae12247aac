import { aborted, createLog, messageOf } from '../kernel/index.ts';
import { SoftIoc } from '../soft-ioc.ts';
import { stopSignal } from './failure.ts';
import { outliveReaders, standardStreams } from './stdin.ts';

/** What an option asks for, in the order of the options: -m counts for the files behind it. */
export interface SoftStep {
  readonly kind: 'macros' | 'database' | 'access' | 'exit';
  readonly text: string;
}

export interface SoftOptions {
  readonly S?: true;
  readonly v?: true;
  readonly onError?: 'continue' | 'break';
  readonly console?: string;
}

/** Exit codes of softIoc. */
const NOTHING_TO_DO = 1;
const FAILED = 2;

/** Runs a soft IOC to its end, as softIoc does, and tells its exit code. */
export async function runSoft(
  steps: readonly SoftStep[],
  script: string | undefined,
  options: SoftOptions,
  usage: () => void,
): Promise<number> {
  const isIdle = options.S && script === undefined && !steps.some(({ kind }) => loads(kind));
  if (isIdle) {
    usage();
    process.stderr.write('Nothing to do!\n');
    return NOTHING_TO_DO;
  }
  outliveReaders();
  const over = new AbortController();
  const signal = AbortSignal.any([stopSignal(), over.signal]);
  let code = 0;
  const exit = (given: number) => {
    code = given;
    over.abort();
  };
  try {
    const log = createLog(options.v ? 'info' : 'warn', 'text');
    await using ioc = new SoftIoc({ log, env: process.env, exit }, signal);
    await start(ioc, steps, script, options, signal);
    await attend(ioc, options, () => exit(0), signal);
  } catch (error) {
    if (!signal.aborted) {
      process.stderr.write(`ERROR: ${messageOf(error)}\n`);
      code = FAILED;
    }
  } finally {
    // What is still to come from it would keep the process waiting.
    process.stdin.destroy();
  }
  return code;
}

/** Loads what the options name, runs the script, and calls iocInit if anything was loaded. */
async function start(
  ioc: SoftIoc,
  steps: readonly SoftStep[],
  script: string | undefined,
  { v, onError = 'continue' }: SoftOptions,
  signal: AbortSignal,
): Promise<void> {
  const tell = v ? (step: string) => console.log(step) : () => {};
  load(ioc, steps, tell);
  const streams = standardStreams(() => {});
  if (script !== undefined) {
    tell(`# Begin ${script}`);
    const isGood = await ioc.bare.console.runFile(script, streams, { kind: onError }, signal);
    if (!isGood) throw new Error(`in ${script}`);
    tell(`# End ${script}`);
  }
  if (!steps.some(({ kind }) => loads(kind))) return;
  tell('iocInit()');
  process.stderr.write('Starting iocInit\n');
  for (const line of ioc.bare.release) console.log(line);
  await ioc.bare.init();
  process.stderr.write('iocRun: All initialization complete\n');
}

function load(ioc: SoftIoc, steps: readonly SoftStep[], tell: (step: string) => void): void {
  let macros = '';
  for (const { kind, text } of steps) {
    switch (kind) {
      case 'macros':
        macros = text;
        break;
      case 'database':
        tell(`dbLoadRecords("${text}"${macros === '' ? '' : `, "${macros}"`})`);
        ioc.bare.loadRecords(text, macros);
        break;
      case 'access':
        if (macros !== '') {
          tell(`asSetSubstitutions("${macros}")`);
          ioc.bare.access.setMacros(macros);
        }
        tell(`asSetFilename("${text}")`);
        ioc.bare.access.setFile(text);
        break;
      case 'exit':
        ioc.addExitRecord(text);
    }
  }
}

function loads(kind: SoftStep['kind']): boolean {
  return kind === 'database' || kind === 'exit';
}

/** A shell on standard input until it ends, or none until a signal. */
async function attend(
  ioc: SoftIoc,
  options: SoftOptions,
  exit: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (options.console !== undefined) await ioc.bare.serveConsole(options.console);
  if (options.S) await aborted(signal);
  else await ioc.bare.console.session(standardStreams(exit), signal);
}
