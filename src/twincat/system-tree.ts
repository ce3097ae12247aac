import type { DeviceInfo } from '../ads/index.ts';
import { type Clock, IocError, type Log, silentLog, sleep, systemClock } from '../kernel/index.ts';
import {
  type ControllerKind,
  type EtherCatState,
  etherCatStateOf,
  StateFault,
  stateText,
} from '../model/index.ts';
import { discoverDevices } from './discovery.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import type { FrameCounters } from './frame-counters.ts';
import type { IoServer } from './io-server.ts';
import type { SlaveState } from './slave-state.ts';
import { placed } from './topology.ts';

/** A slave, and where it sits: couplers and boxes open a node, what follows counts from 1. */
export interface SlaveNode extends SlaveFacts {
  readonly kind: ControllerKind;
  readonly node: number;
  readonly position: number;
  /** Station address of the slave that it is plugged into, 0 for the master, and which port there. */
  readonly parent: number;
  readonly parentPort: number;
}

/** An EtherCAT master and its slaves in bus order. */
export interface DeviceNode extends DeviceFacts {
  readonly slaves: readonly SlaveNode[];
}

/** What is below an I/O server, without process data. */
export interface SystemTree {
  readonly server: Omit<DeviceInfo, 'result'>;
  readonly devices: readonly DeviceNode[];
}

/** How long a requested state may take, and the clock that tells. */
export interface StateWait {
  /** 10 s if not given; 0 does not wait at all. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

const USUAL_WAIT_MS = 10_000;
/** Pause between looks at a state that is on its way. */
const LOOK_AGAIN_MS = 50;

/** Asks the server for its EtherCAT devices and their slaves; other devices are left out. */
export async function systemTree(
  io: IoServer,
  { log = silentLog }: { readonly log?: Log } = {},
  signal?: AbortSignal,
): Promise<SystemTree> {
  const [{ name, major, minor, build }, devices] = await Promise.all([
    io.deviceInfo(signal),
    discoverDevices(io, { log }, signal),
  ]);
  return { server: { name, major, minor, build }, devices: devices.map(deviceNode) };
}

/** Throws `twincat/no-device`, which says which there are. */
export function deviceById({ devices }: SystemTree, id: number): DeviceNode {
  const device = devices.find((each) => each.id === id);
  if (device) return device;
  const ids = devices.map((each) => each.id).join(', ') || 'none';
  throw new IocError('twincat/no-device', `No EtherCAT device has id ${id}; there are: ${ids}`);
}

/** Throws `twincat/no-slave`. */
export function slaveByAddress({ name, slaves }: DeviceNode, address: number): SlaveNode {
  const slave = slaves.find((each) => each.address === address);
  if (slave) return slave;
  throw new IocError('twincat/no-slave', `No slave of ${name} has station address ${address}`);
}

/** Frames sent and lost since the last reset. */
export function frameCounters(
  io: IoServer,
  { netId }: DeviceFacts,
  signal?: AbortSignal,
): Promise<FrameCounters> {
  return io.master(netId).frameCounters(signal);
}

/** The state bytes of all slaves, in bus order; `stateText` and `linkText` put them in words. */
export function slaveStates(
  io: IoServer,
  { netId, slaves }: DeviceFacts,
  signal?: AbortSignal,
): Promise<readonly SlaveState[]> {
  return io.master(netId).slaveStates(slaves.length, signal);
}

/** The state bytes of one slave, by its station address. */
export function slaveState(
  io: IoServer,
  { netId }: DeviceFacts,
  address: number,
  signal?: AbortSignal,
): Promise<SlaveState> {
  return io.master(netId).slaveState(address, signal);
}

/**
 * Requests a state of one slave and waits until it is there. Rejects with
 * `twincat/state-not-reached`, which says where the slave is, when the time is over.
 */
export async function setSlaveState(
  io: IoServer,
  { netId }: DeviceFacts,
  address: number,
  wanted: EtherCatState,
  wait: StateWait = {},
  signal?: AbortSignal,
): Promise<void> {
  const master = io.master(netId);
  await master.setSlaveState(address, wanted, signal);
  const look = async () => (await master.slaveState(address, signal)).state;
  await reached(`Slave ${address} of ${netId}`, wanted, look, wait, signal);
}

/** As `setSlaveState`, for a master, whose slaves follow it. */
export async function setMasterState(
  io: IoServer,
  { netId }: DeviceFacts,
  wanted: EtherCatState,
  wait: StateWait = {},
  signal?: AbortSignal,
): Promise<void> {
  const master = io.master(netId);
  await master.setState(wanted, signal);
  await reached(`Master ${netId}`, wanted, () => master.state(signal), wait, signal);
}

async function reached(
  who: string,
  wanted: EtherCatState,
  look: () => Promise<number>,
  { timeoutMs = USUAL_WAIT_MS, clock = systemClock }: StateWait,
  signal?: AbortSignal,
): Promise<void> {
  if (timeoutMs === 0) return;
  const end = clock.monotonic() + timeoutMs;
  for (;;) {
    const state = await look();
    const hasError = (state & StateFault.error) !== 0;
    if (etherCatStateOf(state) === wanted && !hasError) return;
    // An error bit may be that of the state before, so it ends nothing.
    if (clock.monotonic() >= end) {
      throw new IocError(
        'twincat/state-not-reached',
        `${who} was asked for ${stateText(wanted)} and is in ${stateText(state)}`,
      );
    }
    await sleep(LOOK_AGAIN_MS, signal, clock);
  }
}

function deviceNode(device: DeviceFacts): DeviceNode {
  const slaves = placed(device.slaves).map(
    ({ slave, kind, node, position, parent, parentPort }): SlaveNode => ({
      ...slave,
      ...{ kind, node, position, parent: parent?.address ?? 0, parentPort },
    }),
  );
  return { ...device, slaves };
}
