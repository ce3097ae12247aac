import { describe, expect, it } from 'vitest';
import { plantCommands } from '../../src/console/plants/plant-commands.ts';
import type { PlantNode, PlantView } from '../../src/console/plants/plant-view.ts';
import { shellRig } from './shell-rig.ts';

const blank = { name: '', state: '', link: '' };
const nodes: readonly PlantNode[] = [
  { ...blank, path: 'T', depth: 0, kind: 'server', type: 'I/O Server' },
  { ...blank, path: 'T:ETH1', depth: 1, kind: 'device', type: 'EtherCAT Master', state: 'OP' },
  {
    ...{ path: 'T:ETH1:RIO1', depth: 2, kind: 'slave', type: 'EK1100', name: 'Term 1 (EK1100)' },
    ...{ address: 1001, state: 'OP', link: 'good', crc: [0, 2, 0, 0] },
  },
  {
    ...{ path: 'T:ETH1:RIO1:MOD1', depth: 3, kind: 'slave', type: 'EL3104', name: 'Term 2' },
    ...{ address: 1002, state: 'SAFEOP, error', link: 'missing link, port B', crc: [1, 2, 3, 4] },
    fault: 'SAFEOP, error; link: missing link, port B',
  },
];
const plant: PlantView = {
  name: 'T',
  where: '192.0.2.1:48898',
  status: () => ({ state: 'Degraded', text: 'Term 2 is ill', lastLoss: '2026-01-01 gone' }),
  nodes: () => nodes,
};

async function printed(line: string, plants: readonly PlantView[] = [plant]): Promise<string> {
  const { shell, out, err } = shellRig(plantCommands(() => plants));
  await shell.run(line);
  return out.text + err.text;
}

describe('plant commands', () => {
  it('list plants', async () => {
    expect(await printed('plants')).toBe('T  192.0.2.1:48898  Degraded  Term 2 is ill\n');
  });

  it('show the tree', async () => {
    const lines = (await printed('tree')).split('\n');
    expect(lines[0]).toMatch(/^T +I\/O Server +Degraded$/);
    expect(lines[2]).toMatch(/^ {4}T:ETH1:RIO1 +EK1100 +Term 1 \(EK1100\) +OP$/);
    expect(lines[3]).toContain('      T:ETH1:RIO1:MOD1');
  });

  it('list slaves, all or some', async () => {
    const lines = (await printed('slaves')).split('\n');
    expect(lines[0]).toMatch(/^Address +Type +State +Link +CRC +PVs +Name$/);
    expect(lines[1]).toMatch(/^1001 +EK1100 +OP +good +2 +T:ETH1:RIO1 +Term 1 \(EK1100\)$/);
    expect(lines[2]).toMatch(/^1002 +EL3104 +SAFEOP, error +missing link, port B +10 /);
    expect((await printed('slaves EL3*')).split('\n')).toHaveLength(3);
    expect(await printed('slaves EL9*')).toBe('No slave matches EL9*\n');
    expect(await printed('slaves', [])).toBe('No slaves are known yet\n');
  });

  it('list links with the errors of each port', async () => {
    expect((await printed('links *MOD1')).split('\n')[1]).toMatch(
      /^1002 +EL3104 +missing link, port B +1 +2 +3 +4 +T:ETH1:RIO1:MOD1$/,
    );
  });

  it('tell what is wrong', async () => {
    expect(await printed('faults')).toBe(`T: Degraded, Term 2 is ill
  last loss: 2026-01-01 gone
  T:ETH1:RIO1:MOD1  EL3104  SAFEOP, error; link: missing link, port B
`);
    const well = {
      ...plant,
      status: () => ({ state: 'Connected', text: 'x', lastLoss: '' }),
      nodes: () => nodes.slice(0, 3),
    };
    expect(await printed('faults', [well])).toBe('T: Connected\n  no faults\n');
  });
});
