import { Command } from 'commander';
import { type IocConfig, loadConfig } from '../config/index.ts';
import { type Ioc, type SessionSummary, startIoc } from '../ioc.ts';
import { aborted, createLog } from '../kernel/index.ts';

import { orFail, stopSignal } from './failure.ts';
import { greeting } from './greeting.ts';
import { reloadAtHangup } from './reload.ts';

export function run(): Command {
  return new Command('run')
    .description('Run the IOC until Ctrl-C or SIGTERM. A plant that is away is waited for.')
    .argument('<config>', 'configuration file (YAML)')
    .addHelpText(
      'after',
      `
Environment, where the configuration leaves it open:
  EPICS_CAS_SERVER_PORT, EPICS_CA_SERVER_PORT   Channel Access port (5064)
  EPICS_CAS_INTF_ADDR_LIST                      addresses to listen on (all)
  EPICS_CAS_BEACON_ADDR_LIST, EPICS_CAS_AUTO_BEACON_ADDR_LIST, EPICS_CAS_BEACON_PORT,
  EPICS_CAS_BEACON_PERIOD, EPICS_CAS_IGNORE_ADDR_LIST, EPICS_CA_MAX_ARRAY_BYTES`,
    )
    .action((file: string) => orFail(() => serve(file)));
}

async function serve(file: string): Promise<void> {
  const signal = stopSignal();
  const config = loadConfig(file);
  const log = createLog(config.log.level, config.log.format);
  const started: { ioc?: Ioc; summary?: SessionSummary } = {};
  const greet = () => {
    if (started.ioc && started.summary) {
      console.log(greeting(config, file, started.ioc, started.summary));
    }
  };
  const onSession = (summary: SessionSummary) => {
    const { devices, slaves, records, milliseconds } = summary;
    log.info(
      { devices, slaves, records, milliseconds: Math.round(milliseconds) },
      'connected to the plant',
    );
    const isFirst = started.summary === undefined;
    started.summary = summary;
    if (isFirst) greet();
  };
  await using ioc = await startIoc(config, { log, env: process.env, onSession }, signal);
  using _ = reloadAtHangup(ioc.access, log);
  started.ioc = ioc;
  greetEarly(config, ioc, started.summary);
  greet();
  await aborted(signal);
  log.info('stopping');
}

/** A plant that is not there yet: say what is served meanwhile. */
function greetEarly(config: IocConfig, ioc: Ioc, summary: SessionSummary | undefined): void {
  if (summary) return;
  const { ca, plant } = ioc;
  console.log(
    `${config.prefix}: Channel Access on port ${ca.port}; connecting to ${plant.where} …`,
  );
}
