import type { Codec } from '../kernel/index.ts';

/** Station addresses of what is plugged into the ports A to D of a slave; 0: nothing, or the master. */
export type PortNeighbours = readonly [a: number, b: number, c: number, d: number];

/** What a master knows of how one slave is plugged in. */
export type TopologyRecord = { readonly address: number; readonly neighbours: PortNeighbours };

/** Bytes of one record. */
export const TOPOLOGY_RECORD_LENGTH = 64;

const four: Codec<PortNeighbours> = {
  encode(w, addresses) {
    for (const address of addresses) w.u16(address);
  },
  decode: (r) => [r.u16(), r.u16(), r.u16(), r.u16()],
};

/**
 * Group 0x22 of a master lists these, 64 bytes each (ST_TopologyDataEx of Beckhoff's Tc2_EtherCAT):
 * own address, own auto-increment address, the neighbours' addresses, their auto-increment
 * addresses, 16 bytes reserved, status bits, hot-connect counts, 20 bytes reserved.
 */
export const topologyRecord: Codec<TopologyRecord> = {
  encode(w, { address, neighbours }) {
    w.u16(address);
    w.u16(0);
    four.encode(w, neighbours);
    w.zeros(TOPOLOGY_RECORD_LENGTH - 12);
  },
  decode(r) {
    const address = r.u16();
    r.skip(2);
    const neighbours = four.decode(r);
    r.skip(TOPOLOGY_RECORD_LENGTH - 12);
    return { address, neighbours };
  },
};
