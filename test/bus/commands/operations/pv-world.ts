import { PvClient } from '../../../../src/bus/commands/pv-client.ts';
import type { JsonObject, PermitRules, PlantNode } from '../../../../src/bus/index.ts';
import { type Entity, entitiesOf, type Operation, permits } from '../../../../src/bus/index.ts';
import { Directory, type TrappedPut } from '../../../../src/pv/index.ts';
import { Rig } from '../../../records/rig.ts';
import { HandMadeNodes, plantOf } from '../../../support/thin-edge/hand-made-nodes.ts';

/** Records, the entities that stand for them, and a client of the bus. */
export class PvWorld {
  readonly rig = new Rig();
  readonly directory = new Directory(this.rig.records);
  readonly client: PvClient;
  readonly entities;
  readonly permits;
  readonly trapped: TrappedPut[] = [];
  readonly stop = new AbortController();
  /** Somebody else. */
  readonly origin = { user: 'plant', host: 'plant' };

  constructor(database: string, nodes: readonly PlantNode[], rules: Partial<PermitRules> = {}) {
    this.rig.load(database);
    this.directory.security.trapped = (put) => this.trapped.push(put);
    this.client = new PvClient(this.directory, { user: 'mqtt', host: 'gateway' }, this.rig.clock);
    this.permits = permits({ allow: [], deny: [], ...rules });
    const made = new HandMadeNodes(plantOf('BL07', nodes));
    this.entities = entitiesOf(made, {
      ...{ root: 'te', role: 'child', topology: 'nested', ioc: 'ioc' },
    });
  }

  get means() {
    return { client: this.client, permits: this.permits, clock: this.rig.clock };
  }

  entity(topicId: string): Entity {
    const found = this.entities.byTopicId(topicId);
    if (!found) throw new Error(`no ${topicId}`);
    return found;
  }

  /** Runs an operation; what a plant would say has to be told while it does. */
  async run(operation: Operation, input: JsonObject, topicId: string): Promise<JsonObject> {
    const context = { id: '1', entity: this.entity(topicId) };
    const result = await operation.run(input, context, this.stop.signal);
    if (typeof result === 'symbol') throw new Error('it was left to the next process');
    return result;
  }

  value(pv: string): unknown {
    return this.directory.find(pv)?.read();
  }
}
