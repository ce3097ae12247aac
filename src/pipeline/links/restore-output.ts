import { messageOf } from '../../kernel/index.ts';
import { Flag } from '../../records/index.ts';
import { concernsOneRequest } from '../diagnosis.ts';
import type { Session } from '../session.ts';
import { policyOf } from '../setpoint-policy.ts';
import type { AdsRecord } from './ads-record.ts';
import { readFound } from './read-found.ts';

const ioc = { user: 'ioc', host: 'localhost', notify: true } as const;

/**
 * What becomes of an output whose plant came: it takes over the plant's value, writes its own, or
 * keeps it and writes nothing. One that never had a value takes over. `isBack` is false when its
 * server was there all the time, and only the place is another: then the plant has the value already.
 */
export async function restoreOutput(
  { plant, link }: Session,
  output: AdsRecord,
  isBack: boolean,
): Promise<void> {
  const { name, slot } = output.record;
  const { records, options, memory, image } = plant;
  const policy = output.link.restore ?? policyOf(options.setpoints, name);
  if (policy === 'read' || records.columns.has(slot, Flag.udf)) {
    return takeOver({ plant, link }, output);
  }
  image.touch(slot, ...memory.now());
  if (policy === 'ignore' || !isBack) return;
  const field = plant.directory.find(name);
  const outcome = await field?.put(field.read(), ioc, link.signal);
  if (outcome?.kind !== 'done') link.log.warn(`${name} could not be written again`);
}

async function takeOver(
  { plant, link }: Pick<Session, 'plant' | 'link'>,
  output: AdsRecord,
): Promise<void> {
  const { found, record } = output;
  if (!found) return;
  try {
    const value = output.decoded(await readFound(link, found, output.link));
    if (value !== undefined) plant.records.adopt(record.slot, value, ...plant.memory.now());
  } catch (error) {
    if (!concernsOneRequest(error)) throw error;
    // Something that can only be written.
    link.log.debug(`${record.name} does not tell what it is: ${messageOf(error)}`);
  }
}
