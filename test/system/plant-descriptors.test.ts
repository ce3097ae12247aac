import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readState } from '../../src/ads/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { at, Peer } from '../simulator/support/peer.ts';
import { type PlantProcess, plantProcess } from '../support/plant-process.ts';

const FILES = 64;

describe('a simulated plant that may open few files', () => {
  let scope: Scope;
  let plant: PlantProcess;

  beforeEach(async () => {
    scope = new Scope();
    plant = await plantProcess(scope, 5);
    const limit = ['--pid', String(plant.running.pid), `--nofile=${FILES}:${FILES}`];
    execFileSync('prlimit', limit);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function opened(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    scope.defer(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  }

  it('outlives more clients than it has files for, and serves when they are gone', async () => {
    const io = at(plant.netId, 300);
    const old = scope.use(await Peer.connect(plant.port));
    const crowd = await Promise.all(Array.from({ length: 2 * FILES }, () => opened(plant.port)));
    await vi.waitFor(() => expect(crowd.filter(({ closed }) => closed)).not.toHaveLength(0));
    expect(old.closed).toBe(false);
    expect(crowd.filter(({ closed }) => !closed)).not.toHaveLength(0);
    for (const socket of crowd) socket.destroy();
    const stateOf = async (peer: Peer) => (await peer.ask(io, readState, undefined)).adsState;
    expect(await stateOf(old)).toBe(5);
    await vi.waitFor(() => plant.tell({ command: 'counters' }), { timeout: 5000 });
    expect(await stateOf(scope.use(await Peer.connect(plant.port)))).toBe(5);
  });
});
