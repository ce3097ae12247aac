import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, type Mosquitto, mosquitto } from '../support/broker.ts';
import { type DemoIoc, demoIoc } from '../support/demo-ioc.ts';
import { ModelAgent } from '../support/thin-edge/agent.ts';
import { configOf, listen } from '../support/thin-edge/agent-on-broker.ts';

const TERM_5 = 'Term 5 (EL3104)';
const TERMINAL = 'te/device/T_ETH1_RIO1_MOD2//';
const COUPLER = 'te/device/T_ETH1_RIO2//';
const MASTER = 'te/device/T_ETH1//';
const LINK_LOST = 'te/device/T///a/ads_link_lost';

const eventually = (look: () => void) => vi.waitFor(look, { timeout: 15_000, interval: 20 });

describe.skipIf(!hasMosquitto)('alarms of a plant on the bus', () => {
  let scope: Scope;
  let broker: Mosquitto;
  let agent: ModelAgent;
  let ioc: DemoIoc;

  beforeEach(async () => {
    scope = new Scope();
    agent = new ModelAgent();
    broker = await mosquitto(scope, 'allow_anonymous true');
    await listen(scope, broker, agent);
    ioc = await demoIoc(scope, configOf(broker.url));
    // The states of the slaves are known.
    await eventually(() =>
      expect(agent.twins.get(`${TERMINAL}/twin/state`)).toMatchObject({ ecat_state: 'OP' }),
    );
  });

  afterEach(async () => {
    await scope[Symbol.asyncDispose]();
    expect(agent.errors).toEqual([]);
  });

  /** Types of alarms that stand for what begins so, but for those of inputs that come and go. */
  function standing(topic: string): readonly string[] {
    return [...agent.alarms.keys()]
      .filter((each) => each.startsWith(topic) && !/pv_status_u[ps]$/.test(each))
      .map((each) => each.slice(each.lastIndexOf('/') + 1));
  }

  it('are one of an unplugged terminal, cleared when it is back', async () => {
    ioc.simulator.faults.unplug(TERM_5);
    await eventually(() => expect(standing(TERMINAL)).toEqual(['link_lost']));
    expect(agent.events).toContain(`${TERMINAL}/e/link`);
    ioc.simulator.faults.replug(TERM_5);
    await eventually(() => expect(standing(TERMINAL)).toEqual([]));
  });

  it('are one of a coupler whose cable is cut, not of what is behind it', async () => {
    ioc.simulator.faults.cutCable('Term 9 (EK1100)');
    await eventually(() => expect(standing(COUPLER)).toEqual(['link_lost']));
    expect(agent.alarms.get(`${COUPLER}/a/link_lost`)?.['severity']).toBe('critical');
    ioc.simulator.faults.mendCable('Term 9 (EK1100)');
    await eventually(() => expect(standing(COUPLER)).toEqual([]));
    expect(standing('te/device/T_ETH1_RIO2_')).toEqual([]);
  });

  it('are one of a plant that is away, and none of its values', async () => {
    const told = new Set<string>();
    const back = ioc.simulator.faults.restart(1500);
    await eventually(() => {
      for (const topic of agent.alarms.keys()) told.add(topic);
      expect(standing('te/device/T//')).toEqual(['ads_link_lost']);
    });
    expect(agent.health.get('device/T/service/ads')).toBe('down');
    await back;
    await eventually(() => {
      for (const topic of agent.alarms.keys()) told.add(topic);
      expect(standing(LINK_LOST)).toEqual([]);
      expect(agent.health.get('device/T/service/ads')).toBe('up');
    });
    expect([...told].filter((topic) => topic.includes('_value'))).toEqual([]);
    expect(agent.events.filter((topic) => topic.endsWith('/e/ads_link'))).toHaveLength(2);
  });

  it('tell of another product, of CRC errors and of lost frames', async () => {
    ioc.simulator.faults.exchangeSlave(TERM_5, { type: 'EL3602' });
    ioc.simulator.faults.addCrcErrors('Term 6 (EL3602)', 0, 3);
    ioc.simulator.faults.loseFrames(1, 5);
    await eventually(() => {
      expect(standing(TERMINAL)).toContain('identity_mismatch');
      expect(standing('te/device/T_ETH1_RIO1_MOD3//')).toContain('crc_errors');
      expect(standing(MASTER)).toContain('frame_loss');
    });
    expect(agent.events).toContain('te/device/T_ETH1_RIO1_MOD3///e/crc_growth');
    expect(agent.events).toContain(`${MASTER}/e/frame_loss`);
  });

  it('tell what of the topology changed, and introduce what is new', async () => {
    ioc.simulator.faults.addSlave(1, 'EL1004');
    await eventually(() => {
      expect(agent.entities.has('device/T_ETH1_RIO2_MOD15//')).toBe(true);
      expect(agent.events).toContain('te/device/T///e/topology_changed');
    });
  });

  it('reach a broker that was away when they were raised', async () => {
    const client = new ModelAgent();
    await broker.stop();
    ioc.simulator.faults.unplug(TERM_5);
    await broker.start();
    await listen(scope, broker, client);
    await eventually(() => expect([...client.alarms.keys()]).toContain(`${TERMINAL}/a/link_lost`));
  });
});
