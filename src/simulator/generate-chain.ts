import { IocError } from '../kernel/index.ts';
import type { Chain, ChainDevice, ChainSlave } from '../model/index.ts';

/** What sits behind each coupler, over and over. */
const TERMINALS = ['EL1014', 'EL2024', 'EL3104', 'EL3602', 'EL4134', 'EL3202', 'EL1084'] as const;
const COUPLER = 'EK1100';

/** A coupler and the terminals behind it. */
const NODE = 20;

/** Station addresses begin at 1001, and CoE objects of a master count from 0x8000. */
const MOST_PER_MASTER = 0x7fff;
const MOST_MASTERS = 200;

/**
 * A plant of so many slaves of mixed types on so many EtherCAT masters, a coupler before every 19
 * terminals; the same numbers give the same plant. Throws `simulator/chain-size`.
 */
export function generateChain(slaves: number, masters = 1): Chain {
  if (slaves < masters || masters < 1 || masters > MOST_MASTERS) {
    throw tooMany(`${slaves} slaves on ${masters} masters`);
  }
  if (Math.ceil(slaves / masters) > MOST_PER_MASTER) throw tooMany(`${slaves} slaves`);
  return {
    server: { name: 'I/O Server', version: '3.1', build: 2103 },
    systemNetId: '5.1.2.3.1.1',
    devices: Array.from({ length: masters }, (_, i) => master(i, share(slaves, masters, i))),
    symbolPort: 27905,
    signals: {},
    loops: [],
    script: [],
  };
}

/** Numbers of the slaves of a master: from, and up to but without. */
type Share = { readonly from: number; readonly to: number };

function share(slaves: number, masters: number, index: number): Share {
  const upTo = (n: number) => Math.floor((slaves * n) / masters);
  return { from: upTo(index), to: upTo(index + 1) };
}

function master(index: number, { from, to }: Share): ChainDevice {
  const slaves = Array.from({ length: to - from }, (_, i) => slave(from + i + 1, i));
  return {
    id: index + 1,
    name: `Device ${index + 1} (EtherCAT)`,
    type: 94,
    netId: `5.1.2.3.${index + 2}.1`,
    identity: { vendor: 2, product: 65539, revision: 1844, serial: 0 },
    slaves,
  };
}

/** `number` counts in the whole plant, `index` on the master. */
function slave(number: number, index: number): ChainSlave {
  const position = index % NODE;
  const type = position === 0 ? COUPLER : (TERMINALS[(index - 1) % TERMINALS.length] ?? COUPLER);
  return {
    type,
    name: `Term ${number} (${type})`,
    node: Math.floor(index / NODE) + 1,
    position,
    address: 1001 + index,
  };
}

function tooMany(what: string): IocError {
  const limits = `1 to ${MOST_MASTERS} masters with 1 to ${MOST_PER_MASTER} slaves each`;
  return new IocError(
    'simulator/chain-size',
    `Generate a plant of ${what}: possible are ${limits}`,
  );
}
