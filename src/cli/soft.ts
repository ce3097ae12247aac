import { Command } from 'commander';
import { whatOnError } from './options.ts';
import { runSoft, type SoftOptions, type SoftStep } from './run-soft.ts';

/** The command `soft`: softIoc's options, in softIoc's order. */
export function soft(): Command {
  const steps: SoftStep[] = [];
  const step = (kind: SoftStep['kind']) => (text: string) => {
    steps.push({ kind, text });
  };
  const command = new Command('soft');
  return command
    .description('Run an IOC with no plant on database files; the options are those of softIoc.')
    .argument('[st.cmd]', 'commands to run first; without -d it calls iocInit itself')
    .argument('[ignored...]', 'accepted and ignored')
    .option('-m <A=1,B=2>', 'macros for each -d and -a behind it', step('macros'))
    .option('-d <file.db>', 'records to load; may be repeated', step('database'))
    .option('-a <file.acf>', 'access security rules', step('access'))
    .option('-x <prefix>', 'a record <prefix>:exit: put 0 to end, else to fail', step('exit'))
    .option('-S', 'no shell on standard input; run until a signal')
    .option('-s', 'accepted and ignored')
    .option('-v', 'print each step')
    .option('-D <file.dbd>', 'accepted and ignored: all record types are built in')
    .option('--on-error <what>', 'after an error st.cmd does: continue or break', whatOnError)
    .option('--console <socket>', 'serve the shell on this Unix socket too')
    .addHelpText('after', examples)
    .action(async (script: string | undefined, _ignored: unknown, options: SoftOptions) => {
      process.exitCode = await runSoft(steps, script, options, () => command.outputHelp());
    });
}

const examples = `
Examples:
  twincat-ioc soft -m P=T: -d demo.db         records, and a shell on them
  twincat-ioc soft -S -m P=T: -d demo.db      the same without a shell, as a service
  twincat-ioc soft st.cmd                     what a start-up file loads
The usual EPICS_CA_SERVER_PORT and EPICS_CAS_* variables say where it listens.`;
