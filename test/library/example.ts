import {
  amsNetId,
  amsPort,
  connectAds,
  deviceById,
  frameCounters,
  IoServer,
  isHealthy,
  silentLog,
  slaveStates,
  stateText,
  systemTree,
  u32,
} from '../../src/index.ts';

/** What a bus and one terminal on it say; the controller needs a route to this host. */
export async function report(host: string, netId: string, port = 48898): Promise<string[]> {
  const transport = { kind: 'tcp', host, port } as const;
  const source = { port: amsPort(8001) };
  await using client = await connectAds({ transport, source, log: silentLog });
  const io = new IoServer(client, amsNetId(netId));

  const tree = await systemTree(io);
  const device = deviceById(tree, 1);
  const { cyclicSent, cyclicLost } = await frameCounters(io, device);
  const states = await slaveStates(io, device);
  const faults = device.slaves.flatMap(({ name }, i) => {
    const state = states[i];
    return state && !isHealthy(state) ? [`${name}: ${stateText(state.state)}`] : [];
  });

  const product = { index: 0x1018, subindex: 3, datatype: u32 };
  const revision = await io.master(device.netId).readSlaveValue(1002, product);
  return [
    `${device.slaves.length} slaves, ${cyclicLost} of ${cyclicSent} frames lost`,
    ...faults,
    `revision ${revision}`,
  ];
}
