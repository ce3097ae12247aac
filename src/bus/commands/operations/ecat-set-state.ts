import { z } from 'zod';
import { messageOf } from '../../../kernel/index.ts';
import { stateText } from '../../../model/index.ts';
import { fieldText, type PvField } from '../../../pv/index.ts';
import type { Entity } from '../../profiles/thin-edge/entity.ts';
import { inputOf } from '../input.ts';
import type { JsonObject } from '../json.ts';
import { type CommandContext, CommandFailure, type Operation } from '../operation.ts';
import type { PlantAccess } from '../plant-access.ts';
import type { PvClient } from '../pv-client.ts';

/** BOOT is for firmware and not offered. */
const states = ['INIT', 'PREOP', 'SAFEOP', 'OP'] as const;

const input = z.object({
  state: z.enum(states),
  timeoutMs: z.number().min(1).max(50_000).default(10_000),
});

/** What commands on EtherCAT states work with. */
export interface StateMeans {
  readonly client: PvClient;
  readonly plants: Pick<PlantAccess, 'alStatusCode'>;
}

/**
 * Asks a master, or a slave, for an EtherCAT state by its command PV, and waits until it is there:
 * the answer is the state that was reached, and what the slave says when it was not.
 */
export function ecatSetState(means: StateMeans): Operation {
  return {
    name: 'ecat_set_state',
    guard: 'control',
    capability: (entity) => (command(entity) ? { states } : undefined),
    async run(given, { entity }, signal) {
      const { state, timeoutMs } = inputOf(input, given);
      const { client } = means;
      const machine = stateField(entity, client);
      using watch = client.watch(machine);
      const outcome = await client.put(requestField(entity, client), state, true, signal);
      if (outcome.kind !== 'done') {
        throw new CommandFailure('text' in outcome ? outcome.text : 'the put was given up');
      }
      const isThere = () => stateOf(machine) === state;
      const isReached = await watch.until(isThere, timeoutMs, signal);
      const result = await stateResult(entity, machine, means, signal);
      if (isReached) return result;
      const why = `${entity.id} is not in ${state} after ${timeoutMs} ms, but in ${result['reached']}`;
      throw new CommandFailure(why, result);
    },
    settle: async (_, { entity }: CommandContext, signal) => {
      const result = await stateResult(entity, stateField(entity, means.client), means, signal);
      return { status: 'failed', reason: 'interrupted, state unknown', result };
    },
  };
}

/** `OP`, or `SAFEOP, error`: a state with an error in it is none that was asked for. */
function stateOf(machine: PvField): string {
  const value = Number(machine.read());
  return machine.type === 'ENUM' ? fieldText(machine, value) : stateText(value);
}

async function stateResult(
  entity: Entity,
  machine: PvField,
  { plants }: StateMeans,
  signal: AbortSignal,
): Promise<JsonObject> {
  const reached = stateOf(machine);
  if (entity.kind !== 'slave') return { reached };
  try {
    const code = await plants.alStatusCode(entity, signal);
    return { reached, alStatusCode: code };
  } catch (error) {
    return { reached, alStatus: `not known: ${messageOf(error)}` };
  }
}

function command(entity: Entity): string | undefined {
  return entity.attribute('request_state')?.source.setpoint;
}

function requestField(entity: Entity, client: PvClient): PvField {
  const setpoint = command(entity);
  if (setpoint === undefined) throw new CommandFailure(`${entity.id} has no EtherCAT state`);
  return client.find(setpoint);
}

/** Where a slave tells its state with its error bits, or a master its state. */
function stateField(entity: Entity, client: PvClient): PvField {
  const told = entity.attribute('state_machine') ?? entity.attribute('master_state');
  const value = told?.source.value;
  if (value === undefined) throw new CommandFailure(`${entity.id} tells no EtherCAT state`);
  return client.find(value);
}
