import { connect, createServer, type Socket } from 'node:net';
import { loadChain, loadTerminalDefinitions, shippedConfig } from '../../src/config/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { generateChain, type Simulator, simulate } from '../../src/simulator/index.ts';
import { offer } from '../support/offer.ts';

// The simulated plant of 22 slaves, near or behind a line with a delay; or a larger one.

let simulator: Simulator | undefined;

const operations = {
  /** The shipped chain, unless told how many slaves on how many masters. */
  async start(size?: { readonly slaves: number; readonly masters: number }) {
    const chain = size
      ? generateChain(size.slaves, size.masters)
      : loadChain(`${shippedConfig}/chains/cx7000-22.yaml`);
    const options = { port: 0, log: silentLog };
    simulator = await simulate(chain, loadTerminalDefinitions(), options);
    const { systemNetId: netId, symbolPort } = chain;
    return { port: simulator.port, netId, symbolPort };
  },

  /** Another port to the same plant, with a round trip of `milliseconds`. */
  delayed({ milliseconds }: { readonly milliseconds: number }): Promise<number> {
    const port = simulator?.port ?? 0;
    const line = createServer((near) => {
      const far = connect({ host: '127.0.0.1', port, noDelay: true });
      forward(near, far, milliseconds / 2);
      forward(far, near, milliseconds / 2);
    });
    return new Promise((resolve) => {
      line.listen(0, '127.0.0.1', () => {
        const address = line.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  },
};

export type PlantProcess = typeof operations;
offer(operations);

function forward(from: Socket, to: Socket, milliseconds: number): void {
  from.setNoDelay(true);
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), milliseconds));
  from.on('error', () => {});
  from.on('close', () => to.destroy());
}
