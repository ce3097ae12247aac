import {
  arrayOf,
  bool,
  type Chain,
  type ChainSlave,
  type Datatype,
  i16,
  int,
  type SymbolDefinition,
  type TerminalDefinition,
  text,
  u8,
  u16,
} from '../../../src/model/index.ts';

type Row = Partial<SymbolDefinition> & Pick<SymbolDefinition, 'symbol' | 'datatype'>;

/** A row of a definition; only what a test cares for needs to be said. */
export function row(given: Row): SymbolDefinition {
  return {
    name: given.symbol,
    description: '',
    channels: [1],
    access: 'r',
    indexGroup: given.access === 'rw' ? 0xf020 : 0xf030,
    byte: 0,
    bit: 0,
    selected: true,
    fields: [],
    ...given,
  };
}

export function terminal(
  type: string,
  group: string,
  product: number,
  symbols: readonly SymbolDefinition[],
  more: Partial<TerminalDefinition> = {},
): TerminalDefinition {
  const identity = { vendor: 2, product, revision: 0x0010_0000 };
  return { type, description: '', group, identity, symbols, coe: [], ...more };
}

const toggle = { name: 'txpdo_toggle', description: 'TxPDO Toggle', bit: 15, width: 1 };

const el3104 = terminal(
  'EL3104',
  'AnaIn',
  0x0c20_3052,
  [
    row({
      symbol: 'AI Standard Channel {channel}.Status',
      datatype: u16,
      channels: [1, 2],
      pdoGroup: 'Standard',
      fields: [toggle],
    }),
    row({
      symbol: 'AI Standard Channel {channel}.Status__Limit 1',
      datatype: int(2, false),
      channels: [1, 2],
      bit: 2,
      pdoGroup: 'Standard',
    }),
    row({
      symbol: 'AI Standard Channel {channel}.Value',
      datatype: i16,
      channels: [1, 2],
      byte: 2,
      pdoGroup: 'Standard',
      unit: 'V',
      scale: { slope: 10 / 32767, offset: 0 },
      range: { low: -10, high: 10 },
    }),
    row({ symbol: 'AI Compact Channel {channel}.Value', datatype: i16, pdoGroup: 'Compact' }),
  ],
  {
    pdoGroup: 'Standard',
    coe: [
      {
        index: 0x8000,
        name: 'AI Settings',
        entries: [
          coe(1, bool, 'rw', '00'),
          coe(2, int(3, false), 'rw', '00'),
          coe(10, bool, 'rw', '00'),
          coe(0x11, i16, 'rw', 'feff'),
          coe(0x12, text(8), 'rw', '61620000'),
        ],
      },
      { index: 0x800e, name: 'AI Internal data', entries: [coe(1, i16, 'r', '3412')] },
    ],
  },
);

function coe(subindex: number, datatype: Datatype, access: 'r' | 'rw', hex: string) {
  return { name: `sub_${subindex}`, description: '', subindex, datatype, access, default: hex };
}

/** One terminal of every kind that the simulator treats differently. */
export const definitions: ReadonlyMap<string, TerminalDefinition> = new Map(
  [
    terminal('EK1100', 'CpBk', 0x044c_2c52, []),
    terminal('EL2024', 'DigOut', 0x07e8_3052, [
      row({
        symbol: 'Channel {channel}',
        datatype: bool,
        channels: [1, 2, 3, 4],
        access: 'rw',
        indexGroup: 0xf021,
      }),
    ]),
    terminal('EL1014', 'DigIn', 0x03f6_3052, [
      row({
        symbol: 'Channel {channel}',
        datatype: bool,
        channels: [1, 2, 3, 4],
        indexGroup: 0xf031,
      }),
    ]),
    el3104,
    terminal('EL4134', 'AnaOut', 0x1026_3052, [
      row({
        symbol: 'AO Output Channel {channel}.Analog output',
        datatype: i16,
        channels: [1, 2],
        access: 'rw',
      }),
    ]),
    terminal('ELM3704', 'AnaIn', 0x5021_9989, [
      row({ symbol: 'Samples Channel {channel}.Samples', datatype: arrayOf(i16, 10) }),
      row({ symbol: 'CycleCount', datatype: u16 }),
    ]),
    terminal('EL9510', 'PowerSupply', 0x2526_3052, [
      row({
        symbol: 'Status Uo',
        datatype: u8,
        fields: [{ name: 'power_ok', description: 'Power OK', bit: 0, width: 1 }],
      }),
    ]),
  ].map((definition) => [definition.type, definition]),
);

export const SYSTEM = '5.1.2.3.1.1';
export const MASTER = '5.1.2.3.2.1';

/** Slaves in bus order, called `Term 1 (EK1100)` and so on, at addresses from 1001. */
export function chainOf(types: readonly string[], more: Partial<Chain> = {}): Chain {
  const slaves = types.map(
    (type, i): ChainSlave => ({
      type,
      name: `Term ${i + 1} (${type})`,
      node: 1,
      position: i,
      address: 1001 + i,
    }),
  );
  return {
    server: { name: 'I/O Server', version: '3.1', build: 2103 },
    systemNetId: SYSTEM,
    devices: [
      {
        id: 1,
        name: 'Device 1 (EtherCAT)',
        type: 94,
        netId: MASTER,
        identity: { vendor: 2, product: 65539, revision: 1844, serial: 0 },
        slaves,
      },
    ],
    symbolPort: 27905,
    signals: {},
    loops: [],
    script: [],
    ...more,
  };
}

/** Coupler, outputs, inputs, analogue input and output: what most tests need. */
export const chain = chainOf(['EK1100', 'EL2024', 'EL1014', 'EL3104', 'EL4134']);
