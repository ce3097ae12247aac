import { type AdsSymbol, type AmsPort, amsPort, formatAddress } from '../ads/index.ts';
import { IocError, type Log } from '../kernel/index.ts';
import type { EtherCatMaster } from './ethercat-master.ts';
import type { DeviceFacts, PlantFacts, SlaveFacts, SymbolTableFacts } from './facts.ts';
import { unknownIdentity } from './identity.ts';
import { type IoDevice, type IoServer, isEtherCat } from './io-server.ts';
import type { PortNeighbours } from './port-neighbours.ts';
import { concernsOneRequest, Questions } from './questions.ts';
import { Turns } from './turns.ts';
import { hasLostLinks, neighboursOf } from './wiring.ts';

/** A master's symbol table is at this AMS port + its device id (facts/ads.md section 1). */
const FIRST_SYMBOL_PORT = 0x6d00;

/**
 * Slaves asked about at a time: enough for three questions each to fill what a client has in flight,
 * few enough for a plant of any size not to fill its queue.
 */
const SLAVES_AT_ONCE = 128;

export type DiscoveryOptions = {
  /** AMS port of the symbol table: 0x6D00 + id of the EtherCAT device, 27905 for the first. */
  readonly symbolPort: AmsPort;
  readonly log: Log;
};

/**
 * Everything that the tree of controllers is made of. Whatever does not wait for another answer is
 * asked at once, so a chain takes six round trips however long it is (and as many more as the
 * client's limit of requests in flight makes of them). A slave or device that refuses a question
 * appears with what is known, and one line in the log; a lost connection rejects.
 */
export async function discoverPlant(
  io: IoServer,
  options: DiscoveryOptions,
  signal?: AbortSignal,
): Promise<PlantFacts> {
  const { symbolPort, log } = options;
  const types = new Questions(log, 'The symbol server');
  const [{ name, major, minor, build }, devices, symbols, dataTypes] = await Promise.all([
    io.deviceInfo(signal),
    discoverDevices(io, options, signal),
    uploadPlantSymbols(io, symbolPort, signal),
    types.ask(io.dataTypes(symbolPort, signal), []),
  ]);
  types.report();
  const server = { name, major, minor, build };
  return { systemNetId: io.systemNetId, server, devices, symbolPort, symbols, dataTypes };
}

/** The EtherCAT devices and their slaves; symbol tables of their own only beside a `symbolPort`. */
export async function discoverDevices(
  io: IoServer,
  { log, symbolPort }: { readonly log: Log; readonly symbolPort?: AmsPort },
  signal?: AbortSignal,
): Promise<readonly DeviceFacts[]> {
  const ids = await io.deviceIds(signal);
  const found = await Promise.all(
    ids.map(async (id) => {
      const questions = new Questions(log, `Device ${id}`);
      const device = await questions.ask(io.device(id, signal), undefined);
      questions.report();
      return device && isEtherCat(device) ? device : undefined;
    }),
  );
  const masters = found.filter((device) => device !== undefined);
  const inquiry = { log, turns: new Turns(SLAVES_AT_ONCE) };
  const devices = await Promise.all(
    masters.map(async (each) => {
      const [device, table] = await Promise.all([
        discoverDevice(io, each, inquiry, signal),
        masters.length > 1 && symbolPort !== undefined
          ? ownTable(io, each.id, symbolPort, signal)
          : undefined,
      ]);
      return device && { ...device, ...(table && { table }) };
    }),
  );
  return devices.filter((device) => device !== undefined);
}

/** The symbol table at a master's own port, unless it is the plant's or there is none. */
async function ownTable(
  io: IoServer,
  id: number,
  shared: AmsPort,
  signal?: AbortSignal,
): Promise<SymbolTableFacts | undefined> {
  const symbolPort = FIRST_SYMBOL_PORT + id;
  if (symbolPort === shared || symbolPort > 0xffff) return undefined;
  const port = amsPort(symbolPort);
  try {
    const [symbols, dataTypes] = await Promise.all([
      io.symbols(port, signal),
      io.dataTypes(port, signal),
    ]);
    return symbols.length > 0 ? { symbolPort: port, symbols, dataTypes } : undefined;
  } catch (error) {
    if (!concernsOneRequest(error)) throw error;
    return undefined;
  }
}

/** What all questions about slaves share. */
type Inquiry = { readonly log: Log; readonly turns: Turns };

async function discoverDevice(
  io: IoServer,
  { id, type, name, netId }: IoDevice,
  inquiry: Inquiry,
  signal?: AbortSignal,
): Promise<DeviceFacts | undefined> {
  const { log } = inquiry;
  const questions = new Questions(log, name);
  if (netId === undefined) {
    log.warn({ device: name }, `${name} has no NetId: its slaves cannot be reached`);
    return undefined;
  }
  const master = io.master(netId);
  // Few masters have clocks that they count; one that does not is no matter for the log.
  const clocks = new Questions(log, name);
  const [identity, bus, hasDcStatistics] = await Promise.all([
    questions.ask(master.identity(signal), unknownIdentity),
    discoverSlaves(master, questions, inquiry, signal),
    clocks.ask(master.hasDcStatistics(signal), false),
  ]);
  questions.report();
  return { id, type, name, netId, identity, hasDcStatistics, ...bus };
}

async function discoverSlaves(
  master: EtherCatMaster,
  questions: Questions,
  { log, turns }: Inquiry,
  signal?: AbortSignal,
): Promise<Pick<DeviceFacts, 'slaves' | 'hasLostLinks'>> {
  const count = await questions.ask(master.slaveCount(signal), 0);
  // Types and names are asked by position, so only the identities wait for the addresses.
  const addresses = questions.ask(master.slaveAddresses(count, signal), []);
  const [found, neighbours, countsLostLinks] = await Promise.all([
    Promise.all(
      Array.from({ length: count }, (_, position) =>
        turns.take(() => discoverSlave(master, position, addresses, log, signal)),
      ),
    ),
    neighboursOf(master, count, turns, signal),
    addresses.then(([first]) => first !== undefined && hasLostLinks(master, first, signal)),
  ]);
  const slaves = found.flatMap((slave, i) => (slave ? [withNeighbours(slave, neighbours[i])] : []));
  return { slaves, hasLostLinks: countsLostLinks };
}

function withNeighbours(slave: SlaveFacts, neighbours: PortNeighbours | undefined): SlaveFacts {
  return neighbours ? { ...slave, neighbours } : slave;
}

async function discoverSlave(
  master: EtherCatMaster,
  position: number,
  addresses: Promise<readonly number[]>,
  log: Log,
  signal?: AbortSignal,
): Promise<SlaveFacts | undefined> {
  const questions = new Questions(log, `Slave at position ${position} of ${master.netId}`);
  const [type, name, found] = await Promise.all([
    questions.ask(master.slaveType(position, signal), ''),
    questions.ask(master.slaveName(position, signal), ''),
    addresses.then(async (all) => {
      const address = all[position];
      if (address === undefined) return undefined;
      const asked = master.slaveIdentity(address, signal);
      return { address, identity: await questions.ask(asked, unknownIdentity) };
    }),
  ]);
  questions.report();
  // Without an address there is nothing that could be read of it.
  if (!found) return undefined;
  const fallback = `Slave ${found.address}`;
  return { ...found, type: type || 'unknown', name: name || fallback };
}

async function uploadPlantSymbols(
  io: IoServer,
  port: AmsPort,
  signal?: AbortSignal,
): Promise<readonly AdsSymbol[]> {
  try {
    return await io.symbols(port, signal);
  } catch (cause) {
    if (!concernsOneRequest(cause)) throw cause;
    const where = formatAddress({ netId: io.systemNetId, port });
    throw new IocError(
      'twincat/symbols',
      `Symbols of the I/O at ${where} cannot be read: is the symbol port right? ` +
        'It is 27904 + id of the EtherCAT device',
      { cause },
    );
  }
}
