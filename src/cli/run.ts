import { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { type Ioc, type ServedPlant, type SessionSummary, startIoc } from '../ioc.ts';
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
  const started: { ioc?: Ioc } = {};
  const met = new Set<ServedPlant>();
  const onSession = (summary: SessionSummary, plant: ServedPlant) => {
    const { devices, slaves, records, milliseconds } = summary;
    const found = { devices, slaves, records, milliseconds: Math.round(milliseconds) };
    log.info({ ...found, plant: plant.name }, 'connected to the plant');
    if (started.ioc && !met.has(plant)) {
      console.log(greeting(config, file, started.ioc, plant, summary));
    }
    met.add(plant);
  };
  await using ioc = await startIoc(config, { log, env: process.env, onSession }, signal);
  using _ = reloadAtHangup(ioc.access, log);
  started.ioc = ioc;
  const places = ioc.plants.map(({ address }) => address.where).join(', ');
  const plants = places === '' ? 'no plant' : `connecting to ${places} …`;
  console.log(`${config.prefix}: Channel Access on port ${ioc.ca.port}; ${plants}`);
  await aborted(signal);
  log.info('stopping');
}
